import { readdirSync, readFileSync } from "node:fs";
import { resolve } from "node:path";
import { describe, expect, it } from "vitest";
import { actionOf, SHORTCUTS } from "../src/office/keys";

const pressed = (key: string, more: Partial<KeyboardEvent> = {}) => ({
  key,
  shiftKey: false,
  ctrlKey: false,
  metaKey: false,
  altKey: false,
  ...more,
});

describe("the office's shortcuts", () => {
  it("are what the table says, each meaning one thing at its place", () => {
    for (const one of SHORTCUTS) {
      for (const key of one.keys)
        expect(
          actionOf(one.place, pressed(key, { shiftKey: one.withShift ?? false, ctrlKey: one.withCtrl ?? false })),
          `${one.place} ${key}`,
        ).toBe(one.action);
    }
    const names = SHORTCUTS.flatMap((one) =>
      one.keys.map((key) => `${one.place} ${key} ${String(one.withShift ?? false)} ${String(one.withCtrl ?? false)}`),
    );
    expect(new Set(names).size).toBe(names.length);
  });

  it("leave the browser's own alone", () => {
    for (const modifier of ["ctrlKey", "metaKey", "altKey"])
      expect(actionOf("list", pressed("a", { [modifier]: true }))).toBeNull();
    expect(actionOf("queue", pressed("x"))).toBeNull();
    // On many keyboards these take Shift.
    expect(actionOf("everywhere", pressed("?", { shiftKey: true }))).toBe("help");
    expect(actionOf("map", pressed("+", { shiftKey: true }))).toBe("nearer");
  });

  it("leave an input method its own: Esc gives up characters, Enter and figures choose them", () => {
    for (const more of [{ isComposing: true }, { keyCode: 229 }]) {
      expect(actionOf("field", pressed("Escape", more))).toBeNull();
      expect(actionOf("queue", pressed("Enter", more))).toBeNull();
      expect(actionOf("queue", pressed("1", more))).toBeNull();
    }
  });

  it("are asked of the table alone, so that the list shows all there are", () => {
    const root = resolve(__dirname, "../src/office");
    for (const name of readdirSync(root, { recursive: true }) as string[]) {
      if (!/\.tsx?$/.test(name) || name === "keys.ts") continue;
      expect(readFileSync(resolve(root, name), "utf8"), name).not.toMatch(/event\.key\b|\.key\s*===\s*"/);
    }
  });
});
