import { signal } from "@preact/signals";
import type { Signal } from "@preact/signals";

const known = new Map<string, Signal<boolean>>();

/**
 * Whether the window is at least so wide, such as `1024px`. What is drawn with it is drawn again when that changes, but
 * not for a printer: paper is narrower, and what is drawn anew then has no pictures yet.
 */
export function isWide(width: string): boolean {
  let wide = known.get(width);
  if (!wide) {
    const query = matchMedia(`(min-width: ${width})`);
    const now = signal(query.matches);
    query.addEventListener("change", () => {
      if (!matchMedia("print").matches) now.value = query.matches;
    });
    known.set(width, now);
    wide = now;
  }
  return wide.value;
}
