// @vitest-environment happy-dom
// What every page says when another account has logged in on the same phone.
import "fake-indexeddb/auto";
import { render } from "preact";
import { act } from "preact/test-utils";
import { afterEach, beforeEach, expect, it, vi } from "vitest";
import { get, loggedOut, setAccount } from "../src/api/request";
import { entries } from "../src/outbox/drain";
import { session } from "../src/session/session";
import { Page } from "../src/ui/Page";
import { network, problem } from "./network";
import { reportEntry } from "./records";

vi.stubGlobal("scrollTo", () => undefined);
const root = document.createElement("div");
beforeEach(() => {
  document.body.replaceChildren(root);
  setAccount("u1");
  session.value = { user: { id: "u1", role: "inspector", display_name: "甲" } } as never;
});
afterEach(() => {
  render(null, root);
  loggedOut.value = false;
  entries.value = [];
});
/** The bar after a call that the service has refused for this reason. */
async function barAfter(code: string, unsent: number): Promise<string> {
  entries.value = Array.from({ length: unsent }, (_, at) => reportEntry(`i${at}`));
  network(() => problem(code === "not-signed-in" ? 401 : 409, code));
  await get("/me").catch(() => undefined);
  await act(() => render(<Page title="t">{null}</Page>, root));
  return root.querySelector(".bar")?.textContent ?? "";
}

it("says that another account is logged in, whose records wait, and what to do", async () => {
  const said = await barAfter("other-account", 2);
  expect(said).toContain("本机已登录另一账号");
  expect(said).toContain("本页账号的 2 条记录还在本机");
  expect(said).toContain("重新登录");
  expect(said).not.toContain("失效");
  expect(said).not.toContain("甲");
});

it("says so where nothing waits, too", async () => {
  const said = await barAfter("other-account", 0);
  expect(said).toContain("本机已登录另一账号");
  expect(said).not.toContain("记录");
});

it("says that the session has ended where it has, also after the other", async () => {
  await barAfter("other-account", 1);
  loggedOut.value = false;
  expect(await barAfter("not-signed-in", 1)).toContain("登录已失效，1 条未发送的记录还在本机");
});
