// @vitest-environment happy-dom
// The keys that the help lists work, and a key that is typed into a field is no shortcut.
import { render } from "preact";
import { act } from "preact/test-utils";
import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import { actionOf, isTyping, SHORTCUTS } from "../src/office/keys";
import type { KeyAction } from "../src/office/keys";
import { PhotoViewer } from "../src/ui/PhotoViewer";
import { broken, network } from "./network";

const root = document.createElement("div");
beforeEach(() => {
  network(broken);
  document.body.replaceChildren(root);
});
afterEach(() => {
  render(null, root);
  vi.unstubAllGlobals();
});

/** What is printed on a key, and what a browser calls it. */
const NAMES: Record<string, string> = {
  "\u2190": "ArrowLeft",
  "\u2192": "ArrowRight",
  "\u2191": "ArrowUp",
  "\u2193": "ArrowDown",
  "\u2212": "-",
  Esc: "Escape",
  Space: " ",
};
function pressOf(shown: string): KeyboardEvent {
  const shiftKey = shown.startsWith("Shift+");
  const ctrlKey = shown.startsWith("Ctrl+");
  const key = shown.replace(/^(Shift|Ctrl)\+/, "");
  return new KeyboardEvent("keydown", { key: NAMES[key] ?? key, shiftKey, ctrlKey, bubbles: true });
}

describe("a shortcut", () => {
  it("is pressed as the help prints it", () => {
    for (const one of SHORTCUTS)
      expect(actionOf(one.place, pressOf(one.shown)), `${one.place} ${one.shown}`).toBe(one.action);
  });

  it("is none while somebody types, and is one on a box that is ticked", () => {
    root.innerHTML =
      '<input type="search"><input type="date"><textarea></textarea><select></select>' +
      '<input type="checkbox"><input type="radio"><button></button><a href="#/"></a>';
    const typed = Array.from(root.children, (element) => {
      let isTyped: boolean | undefined;
      const hear = (event: KeyboardEvent) => {
        isTyped = isTyping(event);
      };
      addEventListener("keydown", hear);
      element.dispatchEvent(pressOf("j"));
      removeEventListener("keydown", hear);
      return isTyped;
    });
    expect(typed).toEqual([true, true, true, true, false, false, false, false]);
    expect(isTyping(new KeyboardEvent("keydown", { key: "a", ctrlKey: true }))).toBe(true);
  });
});

describe("an open photo", () => {
  const photos = ["a", "b", "c"].map((id) => ({ id, label: id, hasPreview: false }));
  const onClose = vi.fn();
  const box = () => root.querySelector("[role=dialog]") as HTMLElement;
  const shown = () => box().getAttribute("aria-label");
  const scale = () =>
    Number(/scale\((.*)\)/.exec(box().querySelector(".viewer-picture")?.getAttribute("style") ?? "")?.[1]);
  const press = async (action: KeyAction) => {
    const one = SHORTCUTS.find((row) => row.place === "viewer" && row.action === action);
    await act(() => {
      box().dispatchEvent(pressOf(one?.shown ?? ""));
    });
  };

  it("does what the help says of its keys", async () => {
    await act(() => render(<PhotoViewer photos={photos} start={0} onClose={onClose} />, root));
    await press("next");
    expect(shown()).toBe("b");
    await press("previous");
    expect(shown()).toBe("a");
    await press("nearer");
    expect(scale()).toBe(1.5);
    await press("farther");
    expect(scale()).toBe(1);
    expect(onClose).not.toHaveBeenCalled();
    await press("close");
    expect(onClose).toHaveBeenCalledOnce();
    const known = ["next", "previous", "nearer", "farther", "close"];
    expect(SHORTCUTS.filter((one) => one.place === "viewer" && !known.includes(one.action))).toEqual([]);
  });
});
