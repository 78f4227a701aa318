import "fake-indexeddb/auto";
import { render } from "preact";
import { afterEach, describe, expect, it, vi } from "vitest";
import { useQueueCounts } from "../src/office/queueCounts";
import { network, until } from "./network";

afterEach(() => vi.unstubAllGlobals());

const totals: Record<string, number> = { extension: 1, hang: 2, dispute: 3 };
const root = document.createElement("div");
const Shown = () => <p>{JSON.stringify(useQueueCounts().counts)}</p>;

describe("what stands beside a queue's name", () => {
  it("is what waits in it, and in no other", async () => {
    network(({ path }) => {
      const asked = new URLSearchParams(path.slice(path.indexOf("?"))).get("pending");
      return {
        body: { total: totals[asked ?? ""] ?? 9, overdue: 0, by_state: { submitted: 4, sealed: 5, reported: 6 } },
      };
    });
    const shown = () => JSON.parse(root.textContent ?? "") as Record<string, number>;
    render(<Shown />, root);
    await until(() => Object.keys(shown()).length === 7);
    expect(shown()).toEqual({ review: 4, release: 5, check: 6, redispatch: 0, extension: 1, hang: 2, dispute: 3 });
    render(null, root);
  });
});
