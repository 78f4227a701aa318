// What somebody has filled in and not sent. Kept in this window, under its person: it outlives a reload, another page
// and an ended session, and two windows do not mix. In sessionStorage, because it is small and has to be there before
// the page goes. Never for passwords. What phones report has drafts of its own (`draft/`), and so have the decisions of
// the office (`office/decisionDrafts.ts`).
import { useState } from "preact/hooks";
import { session } from "../session/session";
import { uuid } from "../session/uuid";

const prefixOf = (form: string): string => `typed/${session.value?.user.id ?? ""}/${form}/`;

function kept<T>(key: string): T | undefined {
  try {
    const text = sessionStorage.getItem(key);
    return text === null ? undefined : (JSON.parse(text) as T);
  } catch {
    return undefined;
  }
}

function keep(key: string, value: unknown): void {
  try {
    sessionStorage.setItem(key, JSON.stringify(value));
  } catch {
    // Private windows may refuse; the form still has it.
  }
}

/**
 * A field of a form, or all of its fields: as it was typed, else `before`. The name of a form contains what it changes,
 * with the version. The third says whether it was there already.
 */
export function useTyped<T>(form: string, field: string, before: T): [T, (next: T) => void, boolean] {
  const [key] = useState(() => prefixOf(form) + field);
  const [wasKept] = useState(() => kept<T>(key) !== undefined);
  const [value, setValue] = useState<T>(() => kept<T>(key) ?? before);
  const set = (next: T) => {
    setValue(next);
    keep(key, next);
  };
  return [value, set, wasKept];
}

/** The form was sent, or given up. */
export function forgetTyped(form: string): void {
  try {
    const mine = prefixOf(form);
    for (const key of Object.keys(sessionStorage).filter((one) => one.startsWith(mine))) sessionStorage.removeItem(key);
  } catch {
    // Nothing was kept.
  }
}

/** The id of what a form makes: the same as long as it is not sent, so that sending it again makes nothing twice. */
export function useTypedId(form: string, known?: string): [string, () => void] {
  const [key] = useState(() => `${prefixOf(form)}id`);
  const draw = (): string => {
    const id = known ?? kept<string>(key) ?? uuid();
    keep(key, id);
    return id;
  };
  const [id, setId] = useState(draw);
  return [id, () => setId(uuid())];
}
