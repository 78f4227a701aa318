// @vitest-environment happy-dom
import { render } from "preact";
import { act } from "preact/test-utils";
import { describe, expect, it } from "vitest";
import { route, goInstead } from "../src/router";
import { ErrorBoundary } from "../src/ui/ErrorBoundary";

function Broken(): never {
  throw new TypeError("no such field");
}

describe("a page that fails", () => {
  it("says so and leaves the rest of the app standing", async () => {
    const root = document.createElement("div");
    await act(() =>
      render(
        <div>
          <p>queue</p>
          <ErrorBoundary where="a">
            <Broken />
          </ErrorBoundary>
        </div>,
        root,
      ),
    );
    expect(root.textContent).toContain("queue");
    expect(root.querySelector("[role=alert]")?.textContent).toContain("TypeError");
    await act(() =>
      render(
        <div>
          <p>queue</p>
          <ErrorBoundary where="b">
            <p>fine</p>
          </ErrorBoundary>
        </div>,
        root,
      ),
    );
    expect(root.querySelector("[role=alert]")).toBeNull();
    expect(root.textContent).toContain("fine");
  });
});

describe("an address that is cut", () => {
  it("leads to a page all the same", () => {
    goInstead("#/issue/%E0%A4%A?kind=%");
    expect(route.value.path).toEqual(["issue", "%E0%A4%A"]);
    goInstead("#/issue/%E6%9A%97");
    expect(route.value.path).toEqual(["issue", "暗"]);
  });
});
