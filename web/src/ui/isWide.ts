import { signal } from "@preact/signals";
import type { Signal } from "@preact/signals";

const known: Record<string, Signal<boolean>> = {};

function watch(width: string): Signal<boolean> {
  const query = matchMedia(`(min-width: ${width})`);
  const now = signal(query.matches);
  query.addEventListener("change", () => {
    if (!matchMedia("print").matches) now.value = query.matches;
  });
  return now;
}

/**
 * Whether the window is at least so wide, such as `1024px`. What is drawn with it is drawn again when that changes, but
 * not for a printer: paper is narrower, and what is drawn anew then has no pictures yet.
 */
export function isWide(width: string): boolean {
  known[width] ||= watch(width);
  return known[width].value;
}
