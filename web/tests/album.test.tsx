// @vitest-environment happy-dom
// Several photos from the album at once: they are taken one after the other, in their order, and the page says which
// did not fit.
import "fake-indexeddb/auto";
import { render } from "preact";
import { act } from "preact/test-utils";
import { afterEach, beforeEach, expect, it } from "vitest";
import { PhotoTaker } from "../src/draft/PhotoTaker";
import type { DraftHandle } from "../src/draft/useDraft";
import { newReportDraft } from "../src/store/drafts";
import type { ReportDraft } from "../src/store/records";
import { until } from "./network";
import { photoRef } from "./records";

let root = document.createElement("div");
beforeEach(() => {
  root = document.createElement("div");
  document.body.replaceChildren(root);
});
afterEach(() => render(null, root));

/** Chooses these files of the album, where `kept` of the photos are there already, and all but `refused` are kept. */
async function choose(names: string[], kept: number, refused: string[] = []): Promise<[string, string, boolean][]> {
  const asked: [string, string, boolean][] = [];
  const draft: ReportDraft = {
    ...newReportDraft("i1", "u1", null, "", 1),
    photos: Array.from({ length: kept }, (_, at) => photoRef(`p${at}`)),
  };
  const handle = {
    draft,
    addFile: async (file: File, view: string, isMore = false) => {
      asked.push([file.name, view, isMore]);
      return !refused.includes(file.name);
    },
    flush: async () => draft,
    update: () => undefined,
    remove: async () => undefined,
    isRestored: false,
    storeFailure: null,
    photoFault: null,
  } as unknown as DraftHandle<ReportDraft>;
  await act(() => render(<PhotoTaker handle={handle} views={["far", "near", "detail"]} />, root));
  const album = root.querySelectorAll<HTMLInputElement>(".take input")[1];
  if (!album) throw new Error("no album");
  expect([album.multiple, album.hasAttribute("capture")]).toEqual([true, false]);
  Object.defineProperty(album, "files", { value: names.map((name) => new File(["x"], name)), configurable: true });
  await act(async () => {
    album.dispatchEvent(new Event("change", { bubbles: true }));
    await until(() => asked.length >= Math.min(names.length, 9 - kept));
  });
  await act(() => until(() => !root.textContent?.includes("正在保存")));
  return asked;
}

it("keeps them one after the other, each with the next view", async () => {
  expect(await choose(["a", "b", "c", "d"], 0)).toEqual([
    ["a", "far", false],
    ["b", "near", true],
    ["c", "detail", true],
    ["d", "detail", true],
  ]);
  expect(root.querySelector(".field-error")).toBeNull();
});

it("says how many were kept where some were refused or are too many", async () => {
  expect((await choose(["a", "b", "c"], 0, ["b"])).map(([name, view]) => [name, view])).toEqual([
    ["a", "far"],
    ["b", "near"],
    ["c", "near"],
  ]);
  expect(root.textContent).toContain("选了 3 张，存下 2 张");
  expect((await choose(["a", "b", "c"], 7)).map(([name]) => name)).toEqual(["a", "b"]);
  expect(root.textContent).toContain("选了 3 张，存下 2 张（最多 9 张）");
});
