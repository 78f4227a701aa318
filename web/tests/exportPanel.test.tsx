// @vitest-environment happy-dom
// Exporting a list: an export that was requested is not requested twice, and stays visible.
import { render } from "preact";
import { act } from "preact/test-utils";
import { afterEach, expect, it, vi } from "vitest";
import { setAccount } from "../src/api/request";
import { ExportPanel } from "../src/office/ExportPanel";
import { broken, network, until } from "./network";

const root = document.createElement("div");
afterEach(() => {
  render(null, root);
  vi.unstubAllGlobals();
});

const job = (id: string, state: string) => ({
  id,
  kind: "issue-list",
  state,
  done: 1,
  total: 1,
  created_at: "2026-08-03T01:00:00Z",
});
const draw = () => act(() => render(<ExportPanel query={new URLSearchParams("state=closed")} />, root));
const ask = () => act(() => (root.querySelector(".button-primary") as HTMLButtonElement).click());
const asked = (calls: { method: string; path: string }[]) => calls.filter(({ method }) => method === "PUT");

it("asks again under the same id when the answer was lost, and under another for the next sheet", async () => {
  setAccount("u1");
  document.body.replaceChildren(root);
  let isLost = true;
  const calls = network(({ method, path }) => {
    if (method === "GET") return { body: { items: [] } };
    return isLost ? broken() : { status: 201, body: job(path.split("/").pop() ?? "", "done") };
  });
  await draw();
  await ask();
  await until(() => root.querySelector("[role=alert]") !== null);
  isLost = false;
  (root.querySelector(".button-primary") as HTMLButtonElement).disabled = false;
  await ask();
  await until(() => root.querySelector("a[download]") !== null);
  await ask();
  await until(() => root.querySelectorAll("a[download]").length === 2);
  const [first, second, third] = asked(calls).map(({ path }) => path);
  expect(second).toBe(first);
  expect(third).not.toBe(first);
});

it("keeps a sheet in view that was asked for before the list of earlier ones came", async () => {
  setAccount("u1");
  document.body.replaceChildren(root);
  let answer: (() => void) | undefined;
  network(async ({ method, path }) => {
    if (method !== "GET") return { status: 201, body: job(path.split("/").pop() ?? "", "done") };
    await new Promise<void>((resolve) => {
      answer = resolve;
    });
    return { body: { items: [job("old", "done")] } };
  });
  await draw();
  await ask();
  await until(() => root.querySelectorAll("a[download]").length === 1);
  answer?.();
  await until(() => root.querySelectorAll("a[download]").length === 2);
  expect([...root.querySelectorAll("a[download]")].map((link) => link.getAttribute("href"))[1]).toContain("/old/");
});
