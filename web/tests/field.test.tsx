// @vitest-environment happy-dom
import { render } from "preact";
import { afterEach, beforeEach, expect, it, vi } from "vitest";
import { type, useField } from "../src/desk/field";

function Seen() {
  return <output>{useField("text") ?? "none"}</output>;
}

const form = () => document.querySelector("main") as HTMLElement;
const seen = () => document.querySelector("output")?.textContent;

/** What is open before a browser paints: no clock moves. */
async function soon(): Promise<void> {
  for (let turn = 0; turn < 20; turn += 1) await Promise.resolve();
  await vi.advanceTimersByTimeAsync(20);
}

beforeEach(async () => {
  vi.useFakeTimers();
  document.body.innerHTML = "<main></main><div id='beside'></div>";
  render(<Seen />, document.getElementById("beside") as HTMLElement);
  await soon();
});

afterEach(() => {
  render(null, document.getElementById("beside") as HTMLElement);
  vi.useRealTimers();
});

function draw(value: string): HTMLTextAreaElement {
  const field = document.createElement("textarea");
  field.id = "text";
  field.value = value;
  form().replaceChildren(field);
  return field;
}

it("says what the field says as soon as the form is there, and that it is gone", async () => {
  expect(seen()).toBe("none");
  draw("已清理");
  await soon();
  expect(seen()).toBe("已清理");
  form().replaceChildren();
  await soon();
  expect(seen()).toBe("none");
});

it("says what is typed, and what a form says that is begun anew", async () => {
  const field = draw("");
  await soon();
  type("text", (value) => `${value}已复核`);
  await soon();
  expect([field.value, seen()]).toEqual(["已复核", "已复核"]);
  draw("另一份");
  await soon();
  expect(seen()).toBe("另一份");
});

it("looks no more when nobody asks", async () => {
  const looks = vi.spyOn(document, "querySelector");
  render(null, document.getElementById("beside") as HTMLElement);
  await soon();
  looks.mockClear();
  form().replaceChildren(document.createElement("p"));
  await vi.advanceTimersByTimeAsync(1_000);
  expect(looks.mock.calls.filter(([selector]) => String(selector).includes("#text"))).toEqual([]);
  looks.mockRestore();
});
