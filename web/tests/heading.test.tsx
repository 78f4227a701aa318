// @vitest-environment happy-dom
// The focus: on the heading of a page that was just opened, and where it was before when a dialog is closed.
import "fake-indexeddb/auto";
import { render } from "preact";
import { useState } from "preact/hooks";
import { act } from "preact/test-utils";
import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import { goInstead } from "../src/router";
import { useOverlay } from "../src/ui/overlay";
import { Page } from "../src/ui/Page";
import { broken, network } from "./network";

const root = document.createElement("div");
beforeEach(() => {
  network(broken);
  vi.stubGlobal("scrollTo", vi.fn());
  document.body.replaceChildren(root);
});
afterEach(() => {
  render(null, root);
  vi.unstubAllGlobals();
});

function Dialog({ onClose }: { onClose: () => void }) {
  const { box, onKeyDown } = useOverlay(onClose);
  return (
    <div role="dialog" aria-modal="true" ref={box} onKeyDown={onKeyDown}>
      <button type="button">one</button>
      <button type="button">two</button>
    </div>
  );
}
function Shown({ title }: { title: string }) {
  const [isOpen, setOpen] = useState(false);
  return (
    <Page title={title} back="#/">
      <input id="typed" />
      <button id="open" type="button" onClick={() => setOpen(true)} />
      {isOpen ? <Dialog onClose={() => setOpen(false)} /> : null}
    </Page>
  );
}
const draw = (title: string) => act(() => render(<Shown title={title} />, root));
const focused = () => document.activeElement?.textContent;
const part = (selector: string) => root.querySelector(selector) as HTMLElement;

describe("the focus", () => {
  it("goes to the heading of a new page, also of one with the same title, and its top is shown", async () => {
    await act(() => goInstead("#/issue/1"));
    await draw("禾苑小区");
    expect(focused()).toBe("禾苑小区");
    part("#typed").focus();
    vi.mocked(scrollTo).mockClear();
    await act(() => goInstead("#/issue/2"));
    await draw("禾苑小区");
    expect(focused()).toBe("禾苑小区");
    expect(scrollTo).toHaveBeenCalledWith(0, 0);
  });

  it("stays in the field while its page is drawn again or its address gets a filter", async () => {
    await act(() => goInstead("#/issues"));
    await draw("问题");
    part("#typed").focus();
    await act(() => goInstead("#/issues?q=x"));
    await draw("问题");
    expect(document.activeElement).toBe(part("#typed"));
  });

  it("is in a dialog while that is open, and then where it was, whatever closed it", async () => {
    const close: (() => void)[] = [
      () => part("[role=dialog]").dispatchEvent(new KeyboardEvent("keydown", { key: "Escape", bubbles: true })),
      // As Android's Back does.
      () => {
        history.replaceState(null, "");
        dispatchEvent(new PopStateEvent("popstate"));
      },
    ];
    await act(() => goInstead("#/issue/1"));
    await draw("禾苑小区");
    for (const by of close) {
      part("#open").focus();
      await act(() => part("#open").click());
      expect(focused()).toBe("one");
      await act(by);
      expect(root.querySelector("[role=dialog]")).toBeNull();
      expect(document.activeElement).toBe(part("#open"));
    }
  });

  it("stays in a dialog that is open while the page below becomes another", async () => {
    await act(() => goInstead("#/issue/1"));
    await draw("禾苑小区");
    await act(() => part("#open").click());
    await act(() => goInstead("#/issue/2"));
    await draw("北门市场");
    expect(focused()).toBe("one");
  });

  it("does not leave an open dialog by Tab", async () => {
    await act(() => goInstead("#/issue/1"));
    await draw("禾苑小区");
    await act(() => part("#open").click());
    const press = (shiftKey: boolean) => {
      const event = new KeyboardEvent("keydown", { key: "Tab", shiftKey, bubbles: true, cancelable: true });
      document.activeElement?.dispatchEvent(event);
      return event.defaultPrevented;
    };
    expect(press(true)).toBe(true);
    expect(focused()).toBe("two");
    expect(press(false)).toBe(true);
    expect(focused()).toBe("one");
    // After a click beside the buttons the dialog itself has the focus.
    part("[role=dialog]").focus();
    expect(press(true)).toBe(true);
    expect(focused()).toBe("two");
    part("[role=dialog]").focus();
    expect(press(false)).toBe(true);
    expect(focused()).toBe("one");
    // From the first to the second is the browser's own step.
    expect(press(false)).toBe(false);
  });
});
