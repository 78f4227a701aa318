// @vitest-environment happy-dom
// The form of a step: how it shows faults, and the reason why a report was sent back.
import "fake-indexeddb/auto";
import { IDBFactory } from "fake-indexeddb";
import { render } from "preact";
import { act } from "preact/test-utils";
import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import { AnswerPage } from "../src/answer/AnswerPage";
import { answerFaults } from "../src/answer/forms";
import type { AnswerAction } from "../src/actions";
import { goInstead, link } from "../src/router";
import { session } from "../src/session/session";
import { closeDatabase } from "../src/store/database";
import { newAnswerDraft } from "../src/store/drafts";
import type { AnswerDraft, AnswerFields } from "../src/store/records";
import { t } from "../src/texts";
import { network, quiet, until } from "./network";

let root = document.createElement("div");
beforeEach(async () => {
  await closeDatabase().catch(() => undefined);
  globalThis.indexedDB = new IDBFactory();
  root = document.createElement("div");
  document.body.append(root);
  session.value = { user: { id: "u1", role: "unit" }, unit: null, mustChangePassword: false, permissions: [] } as never;
  vi.stubGlobal("scrollTo", () => undefined);
});
afterEach(async () => {
  render(null, root);
  root.remove();
  await quiet();
  vi.unstubAllGlobals();
});

const issue = (change: object = {}) =>
  ({
    id: "i1",
    version: 3,
    state: "rectifying",
    item_code: "WM-07",
    severity: "low",
    description: "",
    unit_id: "un1",
    due_at: null,
    photos: [],
    point: { id: "pt", name: "禾苑小区" },
    allowed_actions: [],
    ...change,
  }) as never;
async function open(action: AnswerAction, change: object = {}): Promise<void> {
  network(({ path }) => ({
    body: {
      items: path.includes("/events")
        ? [
            { version: 1, action: "report", from: "receiving", to: "submitted", at: "2026-08-03T01:00:00Z" },
            {
              version: 2,
              action: "send-back",
              from: "submitted",
              to: "returned",
              reason: "缺远景",
              at: "2026-08-03T02:00:00Z",
            },
            { version: 3, action: "resubmit", from: "returned", to: "submitted", at: "2026-08-03T03:00:00Z" },
            {
              version: 4,
              action: "send-back",
              from: "submitted",
              to: "returned",
              reason: "看不清门牌",
              at: "2026-08-03T04:00:00Z",
            },
          ]
        : [],
    },
  }));
  goInstead(link("issue", "i1", action));
  await act(() => render(<AnswerPage issue={issue(change)} action={action} />, root));
  await until(() => root.querySelector(".button-primary") !== null);
  await act(quiet);
}
const press = () => act(() => root.querySelector<HTMLButtonElement>(".button-primary")?.click());
async function type(id: string, value: string): Promise<void> {
  await act(() => {
    const field = root.querySelector<HTMLInputElement>(`#${id}`);
    if (!field) throw new Error(`no field ${id}`);
    field.value = value;
    field.dispatchEvent(new Event("input", { bubbles: true }));
  });
}

describe("the form of a step", () => {
  it("names what is missing, and says it no longer when it is there", async () => {
    await open("report-fix");
    expect(root.querySelector("[role=alert], .field-error")).toBeNull();
    await press();
    expect(root.textContent).toContain("请填写整改措施");
    await type("text", "已清理");
    expect(root.textContent).not.toContain("请填写整改措施");
    expect(root.textContent).toContain("至少一张全景照片");
  });

  it("asks for a reason by that name", async () => {
    await open("return");
    await press();
    expect(root.textContent).toContain("请填写理由");
    expect(root.textContent).toContain("（不建议）");
  });

  it("takes no extension that ends before the deadline", async () => {
    await open("request-extension", { due_at: "2099-08-03T04:00:00Z" });
    expect(root.querySelector("#until")?.getAttribute("min")).toBe("2099-08-03T12:01");
    await type("text", "材料未到");
    await type("until", "2099-08-03T11:00");
    await press();
    expect(root.textContent).toContain("延期须晚于原时限和现在");
    await type("until", "2099-08-05T11:00");
    expect(root.textContent).not.toContain("延期须晚于原时限和现在");
  });

  it("says how long an extension may be before it is asked for, and takes none that is longer", async () => {
    const change = { due_at: "2099-08-03T04:00:00Z", extension_until_max: "2099-08-06T16:00:00Z" };
    await open("request-extension", change);
    expect(root.querySelector("#until-hint")?.textContent).toBe("最晚可延至 2099年8月6日 24:00；不填即延至此时");
    expect(root.querySelector("#until")?.getAttribute("max")).toBe("2099-08-07T00:00");
    await type("text", "材料未到");
    await type("until", "2099-08-07T00:01");
    await press();
    expect(root.querySelector("#until-error")?.textContent).toBe("晚于本次最晚可延至的时间");
    await type("until", "2099-08-07T00:00");
    expect(root.querySelector("#until-error")).toBeNull();
  });

  it("says nothing of a longest extension where the service names none", async () => {
    await open("request-extension", { due_at: "2099-08-03T04:00:00Z", extension_until_max: null });
    expect(root.querySelector("#until-hint")?.textContent).toBe("不填则按原时限顺延一次");
    expect(root.querySelector("#until")?.getAttribute("max")).toBeNull();
  });

  it("says of a fix, and of nothing else, that the hour of writing counts for being on time", async () => {
    await open("report-fix");
    expect(root.textContent).toContain(t("answer.onTimeHint"));
    render(null, root);
    await open("return");
    expect(root.textContent).toContain(t("answer.offlineHint"));
    expect(root.textContent).not.toContain(t("answer.onTimeHint"));
  });

  it("shows, for a report that was sent back, why and with which photos", async () => {
    const photo = { id: "p1", view: "far", stage: "found", round: 1, has_preview: false };
    await open("resubmit", { state: "returned", photos: [photo] });
    await until(() => root.querySelector(".quote") !== null);
    // The last time counts.
    expect(root.querySelector(".quote")?.textContent).toBe("看不清门牌");
    expect(root.textContent).toContain("已报的照片");
    expect(root.querySelectorAll(".photos > li")).toHaveLength(1);
  });
});

describe("an extension", () => {
  const begun = { userId: "u1", issueId: "i1", title: "t", action: "request-extension" as const, version: 1 };
  const faults = (until: string | null, dueAt: string | null) => {
    const draft = newAnswerDraft(begun, 1);
    const fields: AnswerFields = { ...draft.fields, text: "x", until };
    return answerFaults("request-extension", { ...draft, fields } as AnswerDraft, {
      place: undefined,
      itemCode: "",
      dueAt,
    });
  };
  it("ends later than the deadline and than now, or is not named", () => {
    expect(faults(null, "2099-01-01T00:00:00Z")).toEqual([]);
    expect(faults("2099-01-01T00:00:00Z", "2099-01-01T00:00:00Z")).toEqual(["until"]);
    expect(faults("2099-01-01T00:01:00Z", "2099-01-01T00:00:00Z")).toEqual([]);
    expect(faults("2020-01-01T00:00:00Z", null)).toEqual(["until"]);
  });
});
