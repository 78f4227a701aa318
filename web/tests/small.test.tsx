// @vitest-environment happy-dom
// Small things that a new user noticed.
import "fake-indexeddb/auto";
import { IDBFactory } from "fake-indexeddb";
import { render } from "preact";
import type { ComponentChild } from "preact";
import { act } from "preact/test-utils";
import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import { LoginPage } from "../src/account/LoginPage";
import { MePage } from "../src/account/MePage";
import { InspectorPages } from "../src/inspector/InspectorPages";
import { ItemPicker } from "../src/inspector/ItemPicker";
import { RecordsPage } from "../src/inspector/RecordsPage";
import { entries } from "../src/outbox/drain";
import { toDraft } from "../src/outbox/toDraft";
import { go, goInstead, route } from "../src/router";
import { session } from "../src/session/session";
import { closeDatabase } from "../src/store/database";
import { mirrorDraft } from "../src/store/draftMirror";
import { newReportDraft, readDraft, writeDraft } from "../src/store/drafts";
import { EventLine } from "../src/ui/Timeline";
import { mergeMirrors } from "../src/upkeep/cleanUp";
import { addTexts } from "../src/texts";
import { zhAccount } from "../src/texts/zh/account";
import "../src/texts/withForms";
import { network, quiet, until } from "./network";
import { photoRef, reportEntry } from "./records";

let root = document.createElement("div");
const user = (id: string) => ({ id, role: "inspector", username: id, display_name: id });
beforeEach(async () => {
  await closeDatabase().catch(() => undefined);
  globalThis.indexedDB = new IDBFactory();
  root = document.createElement("div");
  document.body.append(root);
  addTexts(zhAccount);
  localStorage.clear();
  session.value = { user: user("u1"), unit: null, mustChangePassword: false, permissions: [] } as never;
  vi.stubGlobal("scrollTo", () => undefined);
});
afterEach(async () => {
  render(null, root);
  root.remove();
  await quiet();
  vi.unstubAllGlobals();
});
async function drawn(what: ComponentChild): Promise<string> {
  await act(() => render(what, root));
  await act(quiet);
  return root.textContent ?? "";
}
const press = (name: string) =>
  act(() =>
    Array.from(root.querySelectorAll("button"))
      .find((one) => one.textContent === name)
      ?.click(),
  );

describe("logging in again", () => {
  async function logIn(id: string): Promise<void> {
    network(({ path, method }) =>
      method === "POST"
        ? { body: { user: user(id), must_change_password: false } }
        : path === "/me"
          ? { body: { user: user(id), unit: null, must_change_password: false, permissions: [] } }
          : { body: { items: [] } },
    );
    goInstead("#/report/i1");
    goInstead("#/login");
    await drawn(<LoginPage />);
    for (const [name, value] of [
      ["username", id],
      ["password", "x"],
    ] as const)
      await act(() => {
        const field = root.querySelector<HTMLInputElement>(`#${name}`);
        if (!field) throw new Error("no field");
        field.value = value;
        field.dispatchEvent(new Event("input", { bubbles: true }));
      });
    await act(() => {
      root.querySelector("form")?.dispatchEvent(new Event("submit", { bubbles: true, cancelable: true }));
    });
    await until(() => route.value.path[0] !== "login");
  }
  it("leads back to the form that was being filled in", async () => {
    await logIn("u1");
    expect(route.value.path).toEqual(["report", "i1"]);
  });
  it("as somebody else leads to the start", async () => {
    await logIn("u2");
    expect(route.value.path).toEqual([]);
  });
});

describe("logging out", () => {
  it("says that drafts stay, and how many", async () => {
    await writeDraft(newReportDraft("i1", "u1", null, "", 1));
    await writeDraft(newReportDraft("i2", "u1", null, "", 1));
    await drawn(<MePage />);
    await press("退出登录");
    expect(root.textContent).toContain("还有 2 份没填完的草稿，退出后仍在本机");
  });
});

describe("a timeline", () => {
  const event = {
    version: 2,
    at: "2026-08-03T07:04:11Z",
    fineness: "instant",
    actor_role: null,
    reason: null,
    photos: [],
  };
  it("does not say a step twice", async () => {
    const line = (action: string, from: string, to: string) => ({ ...event, action, from, to }) as never;
    expect(await drawn(<EventLine event={line("send-back", "submitted", "returned")} />)).not.toContain("→");
    expect(await drawn(<EventLine event={line("approve", "submitted", "sealed")} />)).toContain("审核通过 → 待交办");
  });
});

describe("an address that names no report", () => {
  it("is no page", async () => {
    goInstead("#/report/not-a-uuid");
    expect(await drawn(<InspectorPages />)).toContain("没有这个页面");
    go("#/");
  });
});

describe("the items", () => {
  it("are offered as faults", async () => {
    const item = {
      code: "WM-07",
      title: "消防通道不占用",
      title_en: "",
      fault: "消防通道被占用",
      chips: [],
      limit: null,
    };
    const said = await drawn(
      <ItemPicker place={undefined} value={item as never} onChoose={() => undefined} error={null} />,
    );
    expect(root.querySelector(".choice input[name=item] + span")?.textContent).toBe("消防通道被占用");
    expect(said).toContain("消防通道被占用 · WM-07 · 测评要求：消防通道不占用");
  });
});

describe("a record that is taken back", () => {
  it("tells which of its photos was refused, by its present id", () => {
    const setback = {
      code: "photo-truncated" as const,
      requestId: null,
      fields: [],
      retryAfterMs: null,
      photoId: "p2",
    };
    const entry = { ...reportEntry(), state: "attention" as const, setback };
    let count = 0;
    const { draft } = toDraft({ ...entry, isReceived: true }, () => `new-${++count}`, 1);
    expect(draft.refusedPhoto).toBe(draft.photos[1]?.id);
    expect(draft.refusedPhoto).toMatch(/^new-/);
    expect(draft.replaces).toEqual(["i1"]);
  });
});

describe("a report that was changed after it was refused", () => {
  it("is one record in the list, not the half one too", async () => {
    const issue = (id: string, state: string) => ({
      id,
      state,
      version: 1,
      item_code: "WM-07",
      severity: "low",
      photos: [],
      missing_photos: [],
      allowed_actions: [],
      captured_at: "2026-08-03T07:04:11Z",
      point: { id: "pt", name: `点位 ${id}` },
    });
    network(() => ({
      body: {
        items: [issue("i1", "receiving"), issue("i9", "receiving"), issue("i8", "submitted")],
        next_cursor: null,
      },
    }));
    entries.value = [{ ...reportEntry("i2"), replaces: ["i1", "i8"] }];
    const said = await drawn(<RecordsPage />);
    expect(said).not.toContain("点位 i1");
    expect(said).toContain("点位 i9");
    expect(said).toContain("点位 i8");
  });
});

describe("what was typed as a page died", () => {
  it("is merged at the start where the form is not opened again", async () => {
    const base = { ...newReportDraft("i1", "u1", "pt", "t", 1), photos: [photoRef("p1")] };
    await writeDraft({ ...base, fields: { ...base.fields, severity: "high" } });
    mirrorDraft({ mine: { ...base, fields: { ...base.fields, description: "堵塞" } }, base });
    const fresh = newReportDraft("i2", "u2", null, "", 1);
    mirrorDraft({ mine: { ...fresh, fields: { ...fresh.fields, description: "乱" } }, base: fresh });
    await mergeMirrors();
    expect(await readDraft("i1")).toMatchObject({
      fields: { description: "堵塞", severity: "high" },
      photos: [{ id: "p1" }],
    });
    expect(await readDraft("i2")).toMatchObject({ userId: "u2", fields: { description: "乱" } });
    expect(localStorage.length).toBe(0);
  });
});
