// @vitest-environment happy-dom
import { render } from "preact";
import { act } from "preact/test-utils";
import { afterEach, describe, expect, it } from "vitest";
import { Lazy } from "../src/ui/Lazy";
import { part } from "../src/ui/part";
import type { Part } from "../src/ui/part";

const root = document.createElement("div");
afterEach(() => render(null, root));

const comes = async (of: Part<{ words: string }>) => {
  await of.load();
};
const Shown = ({ words }: { words: string }) => <p>{words}</p>;

describe("a part of the app", () => {
  it("is drawn when it has come", async () => {
    const of = part(() => Promise.resolve(Shown));
    await act(() => render(<Lazy of={of} props={{ words: "here" }} />, root));
    await act(() => comes(of));
    expect(root.textContent).toBe("here");
  });

  it("that comes between being drawn as missing and being looked for is drawn", async () => {
    const of = part(() => Promise.resolve(Shown));
    await act(async () => {
      render(<Lazy of={of} props={{ words: "here" }} />, root);
      expect(root.textContent).not.toContain("here");
      // Loaded ahead, before the effect of the component ran.
      await of.load();
      expect(of.ready).not.toBeNull();
    });
    await act(() => comes(of));
    expect(root.textContent).toBe("here");
  });

  it("that does not come is said to be missing, and comes when somebody asks again", async () => {
    let isThere = false;
    const of = part(() => (isThere ? Promise.resolve(Shown) : Promise.reject(new TypeError("Failed to fetch"))));
    await act(() => render(<Lazy of={of} props={{ words: "here" }} />, root));
    await act(() => comes(of).catch(() => undefined));
    expect(root.querySelector("[role=alert]")).not.toBeNull();
    isThere = true;
    await act(() => root.querySelector("button")?.click());
    await act(() => comes(of));
    expect(root.textContent).toBe("here");
  });
});
