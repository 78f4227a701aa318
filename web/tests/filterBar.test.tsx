// @vitest-environment happy-dom
// The search field of the lists keeps what is typed until it is sent.
import "fake-indexeddb/auto";
import { render } from "preact";
import { act } from "preact/test-utils";
import { afterEach, beforeEach, expect, it, vi } from "vitest";
import { FilterBar } from "../src/office/FilterBar";

const root = document.createElement("div");
beforeEach(() => {
  vi.stubGlobal("matchMedia", () => ({ matches: true, addEventListener: () => undefined }));
  document.body.replaceChildren(root);
});
afterEach(() => {
  render(null, root);
  vi.unstubAllGlobals();
});

const draw = (query: string) =>
  act(() => render(<FilterBar query={new URLSearchParams(query)} search={{ current: null }} />, root));
const field = () => root.querySelector("input[type=search]") as HTMLInputElement;

it("keeps what is typed while the page around it changes, and follows the address", async () => {
  await draw("");
  field().value = "市场";
  await act(() => {
    field().dispatchEvent(new Event("input", { bubbles: true }));
  });
  await draw("state=closed");
  expect(field().value).toBe("市场");
  await draw("state=closed&q=lane");
  expect(field().value).toBe("lane");
  await draw("");
  expect(field().value).toBe("");
});
