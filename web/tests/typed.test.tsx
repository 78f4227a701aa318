// @vitest-environment happy-dom
// What is typed into a form of the desk and not sent.
import { render } from "preact";
import { act } from "preact/test-utils";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { session } from "../src/session/session";
import { forgetTyped, useTyped, useTypedId } from "../src/ui/useTyped";

let root = document.createElement("div");
const as = (id: string | null) => {
  session.value = id === null ? null : ({ user: { id } } as never);
};
beforeEach(() => {
  sessionStorage.clear();
  as("u1");
});
afterEach(() => act(() => render(null, root)));

let set: (text: string) => void = () => undefined;
let renew: () => void = () => undefined;
function Form({ form }: { form: string }) {
  const [text, setText, wasKept] = useTyped(form, "text", "before");
  const [id, again] = useTypedId(form);
  set = setText;
  renew = again;
  return (
    <p data-id={id} data-kept={wasKept}>
      {text}
    </p>
  );
}
/** As after a reload, or when its person comes back to the page. */
const open = async (form = "unit/new") => {
  await act(() => render(null, root));
  root = document.createElement("div");
  await act(() => render(<Form form={form} />, root));
  const { id, kept } = (root.firstElementChild as HTMLElement).dataset;
  return { id, isKept: kept === "true", text: root.textContent };
};

describe("what is typed", () => {
  it("is there when the form is opened again, and not in another form", async () => {
    expect(await open()).toMatchObject({ text: "before", isKept: false });
    await act(() => set("县城市管理局"));
    expect(root.textContent).toBe("县城市管理局");
    expect(await open()).toMatchObject({ text: "县城市管理局", isKept: true });
    expect(await open("unit/old/3")).toMatchObject({ text: "before", isKept: false });
  });

  it("is forgotten when it was sent", async () => {
    await open();
    await act(() => set("x"));
    forgetTyped("unit/new");
    expect(await open()).toMatchObject({ text: "before", isKept: false });
  });

  it("belongs to its person, whose session may have ended meanwhile", async () => {
    await open();
    await act(() => set("x"));
    as("u2");
    expect(await open()).toMatchObject({ text: "before" });
    as("u1");
    expect(await open()).toMatchObject({ text: "x" });
  });

  it("is sent again under the same id, and what comes after it under another", async () => {
    const { id } = await open();
    expect((await open()).id).toBe(id);
    await act(() => renew());
    forgetTyped("unit/new");
    expect((await open()).id).not.toBe(id);
  });
});
