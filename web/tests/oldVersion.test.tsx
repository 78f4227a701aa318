// @vitest-environment happy-dom
// A decision is sent for the version that it was made on, with its own body, or not at all.
import "fake-indexeddb/auto";
import { IDBFactory } from "fake-indexeddb";
import { render } from "preact";
import { act } from "preact/test-utils";
import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import { setAccount } from "../src/api/request";
import type { OfficeIssue } from "../src/api/types";
import { keepDraft, readDraft } from "../src/office/decisionDrafts";
import { beginDecision } from "../src/office/decisions";
import { SETTLING_MS } from "../src/office/DecisionForm";
import { IssueDesk } from "../src/office/IssueDesk";
import { session } from "../src/session/session";
import { closeDatabase } from "../src/store/database";
import "../src/office/words";
import "../src/texts/withForms";
import { network, quiet, until } from "./network";

const issue = (more: object): OfficeIssue =>
  ({
    id: "i1",
    version: 3,
    state: "submitted",
    severity: "low",
    urgent: false,
    round: 1,
    chain_no: 0,
    item_code: "X-01",
    unit_id: "unit-a",
    point: { id: "p", code: "990001-MKT-0001", name: "示例点位" },
    finder: { id: "f", display_name: "某人" },
    allowed_actions: ["approve", "send-back", "reject"],
    photos: [],
    missing_photos: [],
    plan: [],
    pauses: [],
    children: [],
    flags_count: 0,
    requests: [],
    returns: [],
    flags: [],
    flag_codes: [],
    received_at: "2026-08-03T07:04:11Z",
    captured_at: "2026-08-03T07:04:11Z",
    ...more,
  }) as never;

let root: HTMLElement;
let answer: (body: OfficeIssue) => void = () => undefined;
const onHold = vi.fn();
beforeEach(async () => {
  await closeDatabase().catch(() => undefined);
  globalThis.indexedDB = new IDBFactory();
  localStorage.clear();
  onHold.mockClear();
  root = document.createElement("div");
  document.body.replaceChildren(root);
  setAccount("o1");
  session.value = {
    user: { id: "o1", role: "office" },
    unit: null,
    mustChangePassword: false,
    permissions: [],
  } as never;
  vi.stubGlobal("scrollTo", () => undefined);
  const waits = new Promise<OfficeIssue>((resolve) => {
    answer = resolve;
  });
  network(async ({ path }) => {
    if (path === "/issues/i1") return { body: await waits };
    return { body: { items: [], next_cursor: null } };
  });
});
afterEach(async () => {
  answer(issue({}));
  render(null, root);
  await quiet();
  session.value = null;
  vi.unstubAllGlobals();
});

const draw = async (known: OfficeIssue) => {
  await act(() =>
    render(<IssueDesk id="i1" first="approve" known={known} onDone={() => undefined} onHold={onHold} />, root),
  );
  await act(quiet);
};
const arrives = async (body: OfficeIssue) => {
  await act(async () => {
    answer(body);
    await quiet();
  });
};
const press = async (key: string, repeat = false) => {
  await act(() => {
    dispatchEvent(new KeyboardEvent("keydown", { key, repeat, cancelable: true }));
  });
  await act(quiet);
};
const settles = () => act(() => new Promise((resolve) => setTimeout(resolve, SETTLING_MS + 20)));
const chosen = () => root.querySelector(".decision-bar [aria-pressed=true]")?.textContent ?? "";

describe("a newer version that arrives", () => {
  const older = issue({ severity: "low", unit_id: "unit-a" });
  const newer = issue({ version: 4, severity: "high", unit_id: "unit-b" });

  it("renews a form that nobody has touched: its body is that of the version it is sent for", async () => {
    await draw(older);
    await arrives(newer);
    await settles();
    await press("Enter");
    expect(onHold).toHaveBeenCalledOnce();
    const [held, action, body] = onHold.mock.calls[0] as [OfficeIssue, string, object];
    expect([held.version, action]).toEqual([4, "approve"]);
    expect(body).toMatchObject({ severity: "high", unit_id: "unit-b" });
  });

  it("is only announced where a decision was chosen by its key, and that one goes for its own version", async () => {
    await draw(older);
    await press("1");
    await arrives(newer);
    expect(root.textContent).toContain("您填写期间有新的进展");
    await settles();
    await press("Enter");
    const [held, , body] = onHold.mock.calls[0] as [OfficeIssue, string, object];
    expect(held.version).toBe(3);
    expect(body).toMatchObject({ severity: "low", unit_id: "unit-a" });
  });

  it("never leaves a body of one version with another, whatever was chosen before", async () => {
    await draw(older);
    await press("2");
    await press("1");
    await arrives(newer);
    await act(() =>
      Array.from(root.querySelectorAll("button"))
        .find((one) => one.textContent === "看最新情况")
        ?.click(),
    );
    await settles();
    await press("Enter");
    const [held, , body] = onHold.mock.calls[0] as [OfficeIssue, string, object];
    expect(held.version).toBe(4);
    expect(body).toMatchObject({ severity: "high", unit_id: "unit-b" });
  });
});

describe("what was filled in for an earlier version", () => {
  const asked = (version: number) =>
    issue({
      version,
      state: "rectifying",
      allowed_actions: ["decide-extension", "remind"],
      requests: [
        {
          id: `r${version}`,
          kind: "extension",
          state: "pending",
          reason: "",
          plan: [],
          filed_at: "2026-08-03T07:04:11Z",
        },
      ],
    });

  it("is not the decision that is offered, and answers nothing; its text can be used again", async () => {
    const fields = { ...beginDecision(asked(3), undefined), granted: true, unitId: "unit-x", text: "理由充分" };
    keepDraft("i1", { action: "decide-extension", fields, version: 3 });
    await draw(asked(5));
    await act(() =>
      Array.from(root.querySelectorAll("button"))
        .find((one) => one.textContent === "用这些文字再办")
        ?.click(),
    );
    await act(quiet);
    expect(chosen()).toContain("延期");
    expect(root.querySelector("textarea")?.value).toBe("理由充分");
    expect(root.querySelector("[name=granted]:checked")).toBeNull();
    expect(readDraft("i1")).toMatchObject({ version: 5, fields: { granted: null, unitId: "unit-a" } });
  });

  it("leaves the first decision of the queue open", async () => {
    const fields = { ...beginDecision(issue({}), undefined), text: "近景看不清" };
    keepDraft("i1", { action: "reject", fields, version: 3 });
    await draw(issue({ version: 5 }));
    expect(chosen()).toContain("审核通过");
    expect(root.textContent).toContain("近景看不清");
    await arrives(issue({ version: 5 }));
    await settles();
    await press("Enter");
    expect((onHold.mock.calls[0] as unknown[])[1]).toBe("approve");
  });

  it("of this version is there again", async () => {
    const fields = { ...beginDecision(issue({}), undefined), text: "近景看不清" };
    keepDraft("i1", { action: "send-back", fields, version: 3 });
    await draw(issue({}));
    expect(chosen()).toContain("退回补正");
    expect(root.querySelector("textarea")?.value).toBe("近景看不清");
  });
});

it("chooses nothing by a key that is held down", async () => {
  await draw(issue({}));
  await press("2", true);
  expect(chosen()).toContain("审核通过");
  await press("2");
  expect(chosen()).toContain("退回补正");
});

it("keeps what is filled in for one decision while another is touched", async () => {
  const type = (text: string) =>
    act(() => {
      const field = root.querySelector("textarea");
      if (!field) throw new Error("no field");
      field.value = text;
      field.dispatchEvent(new Event("input", { bubbles: true }));
    });
  await draw(issue({}));
  await press("2");
  await type("近景看不清");
  await press("3");
  await type("证据不足");
  await press("2");
  expect(root.querySelector("textarea")?.value).toBe("近景看不清");
  await press("3");
  expect(root.querySelector("textarea")?.value).toBe("证据不足");
  await until(() => readDraft("i1", "send-back")?.fields.text === "近景看不清");
});
