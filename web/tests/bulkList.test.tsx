// @vitest-environment happy-dom
// Actions on many issues of the list: what is not chosen is named, and the counts beside the list are updated.
import "fake-indexeddb/auto";
import { render } from "preact";
import { act } from "preact/test-utils";
import { afterEach, beforeEach, expect, it, vi } from "vitest";
import { setAccount } from "../src/api/request";
import type { OfficeIssue } from "../src/api/types";
import { BulkBar } from "../src/office/BulkBar";
import { useCount } from "../src/office/facets";
import { List } from "../src/office/ListRows";
import { readLook } from "../src/office/listLook";
import { session } from "../src/session/session";
import "../src/office/words";
import "../src/texts/withForms";
import { network, quiet, until } from "./network";

const root = document.createElement("div");
const issue = (id: string): OfficeIssue =>
  ({
    id,
    version: 3,
    state: "sealed",
    severity: "low",
    allowed_actions: ["release"],
    point: { id: "p", name: id },
    photos: [],
    requests: [],
    returns: [],
    flag_codes: [],
    received_at: "2026-08-03T07:04:11Z",
  }) as never;
const press = async (name: string) => {
  await act(() =>
    Array.from(root.querySelectorAll("button"))
      .find((one) => one.textContent?.startsWith(name))
      ?.click(),
  );
  await act(quiet);
};
beforeEach(() => {
  document.body.replaceChildren(root);
  setAccount("o1");
  session.value = {
    user: { id: "o1", role: "office" },
    unit: null,
    mustChangePassword: false,
    permissions: [],
  } as never;
  vi.stubGlobal("scrollTo", () => undefined);
});
afterEach(async () => {
  render(null, root);
  await quiet();
  session.value = null;
  vi.unstubAllGlobals();
});

it("all of a list that is longer than can be chosen says that others are not chosen", async () => {
  let pages = 0;
  network(({ path }) => {
    if (!path.startsWith("/issues?")) return { body: { items: [] } };
    const size = Number(new URLSearchParams(path.slice(path.indexOf("?"))).get("limit"));
    pages += 1;
    return {
      body: { items: Array.from({ length: size }, (_, at) => issue(`${pages}-${at}`)), next_cursor: `c${pages}` },
    };
  });
  await act(() => render(<List query={new URLSearchParams()} look={readLook()} />, root));
  await until(() => root.querySelector("tbody tr") !== null);
  await act(() => root.querySelector<HTMLInputElement>("thead input")?.click());
  await act(quiet);
  await press("选中符合条件的全部");
  await until(() => root.textContent?.includes("已选 2000 件") ?? false);
  expect(root.textContent).toContain("一次最多选 2000 件，其余没有选中");
});

it("what is counted beside the list is counted again after a decision on many", async () => {
  let counted = 0;
  network(({ path }) => {
    if (path.includes("/actions/release")) return { body: { ...issue("i1"), version: 4 } };
    if (!path.includes("count")) return { body: { items: [] } };
    counted += 1;
    return { body: { total: counted, by_state: {}, overdue: 0 } };
  });
  const Counted = () => <output>{useCount("")?.total}</output>;
  const nothing = () => undefined;
  await act(() =>
    render(
      <>
        <Counted />
        <BulkBar chosen={[issue("i1")]} onIssue={nothing} onSelect={nothing} onClear={nothing} />
      </>,
      root,
    ),
  );
  await until(() => root.querySelector("output")?.textContent === "1");
  await press("交办");
  await press("确认交办");
  await until(() => root.querySelector("output")?.textContent === "2");
});
