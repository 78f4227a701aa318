// @vitest-environment happy-dom
// Places and items are found by pinyin initials in every search field.
import { render } from "preact";
import { act } from "preact/test-utils";
import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import { ItemPicker } from "../src/inspector/ItemPicker";
import { nearestFirst } from "../src/inspector/nearest";
import { ItemsPage, PointsListPage, UnitsPage } from "../src/office/settings/ReferencePages";
import { ResponsibleCheck } from "../src/office/settings/ResponsibleCheck";
import { PlaceCodesPage } from "../src/office/settings/PlaceCodesPage";
import { forgetReference, reference } from "../src/session/reference";
import { addTexts } from "../src/texts";
import { zhSettings } from "../src/texts/zh/settings";
import "../src/texts/withForms";
import { network, until } from "./network";

addTexts(zhSettings);
const root = document.createElement("div");
const place = (id: string, name: string, initials?: string) => ({
  id,
  name,
  initials,
  code: `C-${id}`,
  address: "",
  type: "MKT",
  location: { lat: 31, lon: 107 },
  campaigns: [],
});
const item = (code: string, fault: string, initials?: string) => ({
  code,
  fault,
  initials,
  title: fault,
  title_en: "",
  chips: [],
  point_types: ["*"],
  campaign: "WM",
  weight: 1,
});
const unit = (code: string, name: string, initials: string) => ({
  id: code,
  code,
  name,
  initials,
  kind: "department",
  active: true,
});
beforeEach(() => {
  window.scrollTo = () => undefined;
  document.body.replaceChildren(root);
  const known = {
    points: [place("1", "打铜巷", "d t hx"), place("2", "禾苑小区", "h y x q"), place("3", "北街")],
    items: [item("WM-01", "占道经营", "z d j y"), item("WM-02", "路灯不亮", "l d b l")],
    units: [unit("U1", "城管局", "c g j"), unit("U2", "住建局", "z j j")],
    campaigns: [],
    point_types: [],
  };
  reference.value = known as never;
  // The settings ask for the reference anew, and for what is out of use.
  network(({ path }) => ({ body: path.startsWith("/reference") ? known : { items: [], next_cursor: null } }));
});
afterEach(() => {
  render(null, root);
  vi.unstubAllGlobals();
  forgetReference();
});
const typed = async (words: string) => {
  const field = root.querySelector<HTMLInputElement>("input[type=search]");
  if (!field) throw new Error("no search");
  await act(() => {
    field.value = words;
    field.dispatchEvent(new Event("input", { bubbles: true }));
  });
};

describe("initials", () => {
  it("find a place on the start page and in the form", () => {
    expect(nearestFirst("dth").map((one) => one.place.name)).toEqual(["打铜巷"]);
    expect(nearestFirst("hy").map((one) => one.place.name)).toEqual(["禾苑小区"]);
    expect(nearestFirst("bj")).toEqual([]);
  });

  it("find an item", async () => {
    await act(() =>
      render(<ItemPicker place={undefined} value={undefined} onChoose={() => undefined} error={null} />, root),
    );
    await act(() => (root.querySelector(".wrap button") as HTMLButtonElement).click());
    await typed("zdj");
    expect(Array.from(root.querySelectorAll("li .grow > span:first-child"), (one) => one.textContent)).toEqual([
      "占道经营",
    ]);
  });

  it("find a place's code to print", async () => {
    await act(() => render(<PlaceCodesPage />, root));
    await until(() => root.querySelector(".code-card") !== null);
    await typed("dth");
    expect(Array.from(root.querySelectorAll(".code-card strong"), (one) => one.textContent)).toEqual(["打铜巷"]);
  });

  it("find what the settings list, too", async () => {
    for (const [page, words, found] of [
      [<UnitsPage key="units" />, "cgj", "城管局"],
      [<PointsListPage key="points" />, "hyx", "禾苑小区"],
      [<ItemsPage key="items" />, "ldb", "路灯不亮"],
    ] as const) {
      await act(() => render(page, root));
      await until(() => root.querySelectorAll("tbody tr").length > 1);
      await typed(words);
      const rows = Array.from(root.querySelectorAll("tbody tr"), (row) => row.textContent ?? "");
      expect(rows).toHaveLength(1);
      expect(rows[0]).toContain(found);
      render(null, root);
    }
  });

  it("find the place for which one asks who is responsible", async () => {
    await act(() => render(<ResponsibleCheck />, root));
    await typed("hyx");
    expect(Array.from(root.querySelectorAll("li button"), (one) => one.textContent)).toEqual([
      expect.stringContaining("禾苑小区"),
    ]);
  });
});
