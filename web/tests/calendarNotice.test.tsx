import "fake-indexeddb/auto";
import { render } from "preact";
import { afterEach, expect, it, vi } from "vitest";
import { OverviewPage } from "../src/office/OverviewPage";
import { t } from "../src/texts";
import { network, quiet, until } from "./network";

const root = document.createElement("div");
afterEach(() => {
  render(null, root);
  vi.unstubAllGlobals();
});

it("says from November on that next year's days off are missing, until they are entered", async () => {
  let unnamed = [2027];
  network(({ path }) => (path.endsWith("/calendar") ? { body: { unnamed_years: unnamed } } : { status: 503 }));
  const isSaid = () => (root.textContent ?? "").includes(t("office.yearUnnamed", { years: "2027" }));
  render(<OverviewPage />, root);
  await until(isSaid);
  expect(root.querySelector('a[href$="settings/calendar"]')).not.toBeNull();
  render(null, root);
  unnamed = [];
  render(<OverviewPage />, root);
  await until(() => !isSaid());
  render(null, root);
  // What the page still asks for is answered before the test's document goes.
  await quiet();
});
