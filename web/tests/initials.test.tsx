// @vitest-environment happy-dom
// Places and items are found by the first letters of their characters' sounds, wherever they are looked for.
import { render } from "preact";
import { act } from "preact/test-utils";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { ItemPicker } from "../src/inspector/ItemPicker";
import { nearestFirst } from "../src/inspector/nearest";
import { PlaceCodesPage } from "../src/office/settings/PlaceCodesPage";
import { forgetReference, reference } from "../src/session/reference";
import { addTexts } from "../src/texts";
import { zhSettings } from "../src/texts/zh/settings";
import "../src/texts/withForms";
import { until } from "./network";

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
beforeEach(() => {
  window.scrollTo = () => undefined;
  document.body.replaceChildren(root);
  reference.value = {
    points: [place("1", "打铜巷", "d t hx"), place("2", "禾苑小区", "h y x q"), place("3", "北街")],
    items: [item("WM-01", "占道经营", "z d j y"), item("WM-02", "路灯不亮", "l d b l")],
    units: [],
    campaigns: [],
    point_types: [],
  } as never;
});
afterEach(() => {
  render(null, root);
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
});
