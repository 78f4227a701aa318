// @vitest-environment happy-dom
// A page that is opened again after some time: lists and places are read again, and an old position is not used.
import "fake-indexeddb/auto";
import { IDBFactory } from "fake-indexeddb";
import { render } from "preact";
import { act } from "preact/test-utils";
import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import type { Issue } from "../src/api/types";
import { ReportPage } from "../src/inspector/ReportPage";
import { position } from "../src/place/position";
import { goInstead } from "../src/router";
import { AWAY_MIN_MS, noteVisibility } from "../src/session/foreground";
import { forgetReference, openReference } from "../src/session/reference";
import { session } from "../src/session/session";
import { closeDatabase } from "../src/store/database";
import { newReportDraft, readDraft, writeDraft } from "../src/store/drafts";
import type { ReportDraft } from "../src/store/records";
import { useIssuePages } from "../src/ui/issuePages";
import { useCached } from "../src/ui/useCached";
import { network, quiet, until } from "./network";
import { photoRef } from "./records";

let root = document.createElement("div");
const ID = "0b7d2c1e-94f3-4a6b-8c55-1f2e3d4c5b6a";
beforeEach(async () => {
  await closeDatabase().catch(() => undefined);
  globalThis.indexedDB = new IDBFactory();
  root = document.createElement("div");
  document.body.replaceChildren(root);
  session.value = { user: { id: "u1", role: "inspector" }, unit: null, mustChangePassword: false } as never;
  vi.stubGlobal("scrollTo", () => undefined);
});
afterEach(async () => {
  render(null, root);
  await quiet();
  forgetReference();
  position.value = { kind: "unasked" };
  vi.unstubAllGlobals();
});
/** Away from the app for so long, and back. */
function away(ms: number): void {
  noteVisibility(false, 1_000_000);
  noteVisibility(true, 1_000_000 + ms);
}

describe("coming back to the app", () => {
  it("asks for what is shown again, and for nothing after a look at a message", async () => {
    let asked = 0;
    function List() {
      return (
        <p>
          {
            useCached("list", async () => {
              asked += 1;
              return asked;
            }).body
          }
        </p>
      );
    }
    await act(() => render(<List />, root));
    await until(() => root.textContent === "1");
    await act(() => away(AWAY_MIN_MS - 1));
    await act(quiet);
    expect(root.textContent).toBe("1");
    await act(() => away(AWAY_MIN_MS));
    await until(() => root.textContent === "2");
  });

  it("asks for all pages of a list that were read, not for the first alone", async () => {
    let round = 1;
    const calls = network(({ path }) => {
      const from = new URLSearchParams(path.slice(path.indexOf("?"))).get("cursor");
      const [id, next_cursor] = from === null ? ["a", "two"] : ["b", null];
      return { body: { items: [{ id, state: `${id}${round}` }], next_cursor } };
    });
    let more = (): void => undefined;
    function List() {
      const pages = useIssuePages<Issue>("issues", "", 1);
      more = pages.more;
      return <p>{pages.rows.map((row) => row.state).join()}</p>;
    }
    await act(() => render(<List />, root));
    await until(() => root.textContent === "a1");
    await act(more);
    await until(() => root.textContent === "a1,b1");
    round = 2;
    const before = calls.length;
    await act(() => away(AWAY_MIN_MS));
    await until(() => root.textContent === "a2,b2");
    expect(calls.length - before).toBe(2);
  });

  it("asks whether places have changed, by what is known of them", async () => {
    const calls = network(() => ({ body: { points: [], items: [] }, headers: { ETag: `"r7"` } }));
    await openReference();
    await act(() => away(AWAY_MIN_MS));
    await until(() => calls.length === 2);
    expect(calls.map(({ path, headers }) => [path, headers["If-None-Match"]])).toEqual([
      ["/reference", undefined],
      ["/reference", `"r7"`],
    ]);
  });
});

describe("a report that is written on later", () => {
  const HOUR_MS = 3_600_000;
  const kept = async () => ((await readDraft(ID)) as ReportDraft).fields.location;
  /** The form with a photo taken so long ago, where the position is known now. */
  async function open(photoAgeMs: number): Promise<void> {
    network(() => ({ body: { items: [] } }));
    const watchPosition = (hear: (of: object) => void) => {
      hear({ coords: { latitude: 31.2, longitude: 107.4, accuracy: 9 }, timestamp: Date.now() });
      return 1;
    };
    Object.defineProperty(navigator, "geolocation", {
      value: { watchPosition, clearWatch: () => undefined },
      configurable: true,
    });
    const photo = { ...photoRef("p1"), capturedAt: new Date(Date.now() - photoAgeMs).toISOString() };
    const draft = newReportDraft(ID, "u1", null, "", Date.now() - photoAgeMs);
    await writeDraft({ ...draft, photos: [photo] });
    goInstead(`#/report/${ID}`);
    await act(() => render(<ReportPage id={ID} />, root));
    await until(() => root.querySelector("h2#position-title") !== null);
    await act(quiet);
    expect(position.value.kind).toBe("known");
    // Longer than a form waits before it writes.
    await new Promise((resolve) => setTimeout(resolve, 400));
  }

  it("takes the position that is known when its photo is taken", async () => {
    await open(1_000);
    await until(async () => (await kept()) !== null);
    expect(await kept()).toMatchObject({ lat: 31.2 });
    expect(root.textContent).toContain("31.20000, 107.40000");
  });

  it("takes none long after, says so, and offers none", async () => {
    await open(HOUR_MS);
    expect(await kept()).toBeNull();
    expect(root.textContent).not.toContain("31.20000");
    const row = root.querySelector("section[aria-labelledby=position-title]");
    expect(row?.querySelector("button")).toBeNull();
  });
});
