// Texts that a person stores on this device.
import { session } from "../session/session";

const key = (name: string) => `desk/${session.value?.user.id ?? ""}/${name}`;

export function readKept(name: string): string | null {
  try {
    return localStorage.getItem(key(name));
  } catch {
    return null;
  }
}

/** `null` takes them away. */
export function keep(name: string, words: string | null): void {
  try {
    if (words === null) localStorage.removeItem(key(name));
    else localStorage.setItem(key(name), words);
  } catch {
    // Private windows may refuse; they then last as long as the page.
  }
}
