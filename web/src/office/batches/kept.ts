// What somebody has typed and not sent outlives a reload, another page and an ended session: in localStorage, because
// it is small and has to be there before the page goes.
import { useEffect, useRef, useState } from "preact/hooks";
import { session } from "../../session/session";

interface Kept<T> {
  value: T;
  at: number;
}

/** How long what nobody sends is kept, in milliseconds. Source: as for decisions. */
const KEPT_MS = 14 * 24 * 3_600_000;
const prefix = () => `batch/${session.value?.user.id ?? ""}/`;

export function readKept<T>(name: string, keptMs = KEPT_MS): T | null {
  try {
    const kept = JSON.parse(localStorage.getItem(prefix() + name) ?? "null") as Kept<T> | null;
    return kept && kept.at > Date.now() - keptMs ? kept.value : null;
  } catch {
    return null;
  }
}

export function keep<T>(name: string, value: T | null): void {
  try {
    if (value === null) localStorage.removeItem(prefix() + name);
    else localStorage.setItem(prefix() + name, JSON.stringify({ value, at: Date.now() } satisfies Kept<T>));
  } catch {
    // Private windows may refuse; the page still has it.
  }
}

/** A value that is kept on the device until it is forgotten. */
export function useKept<T>(name: string, first: () => T): [value: T, set: (next: T) => void, forget: () => void] {
  const [value, setValue] = useState<T>(() => readKept<T>(name) ?? first());
  const known = useRef(name);
  useEffect(() => {
    if (known.current === name) return;
    known.current = name;
    setValue(readKept<T>(name) ?? first());
  }, [name]);
  const set = (next: T) => {
    setValue(next);
    keep(name, next);
  };
  return [value, set, () => keep(name, null)];
}
