// Fields of a form that phones have too. What is pressed beside it is typed into it as its person would, so that the
// form saves it like all that is typed, and phones need not load what is beside.
import { useEffect, useState } from "preact/hooks";

type Field = HTMLInputElement | HTMLTextAreaElement;
/** How often it is looked whether the form is there yet, and what it says, in milliseconds. */
const LOOK_MS = 200;

const fieldOf = (id: string): Field | null => document.querySelector<Field>(`main #${id}`);

/** What the field says now; `null` while it is not there. */
export function useField(id: string): string | null {
  const [value, setValue] = useState<string | null>(null);
  useEffect(() => {
    const look = () => setValue(fieldOf(id)?.value ?? null);
    const timer = setInterval(look, LOOK_MS);
    document.addEventListener("input", look);
    look();
    return () => {
      clearInterval(timer);
      document.removeEventListener("input", look);
    };
  }, [id]);
  return value;
}

/** Types into the field. */
export function type(id: string, change: (value: string, most: number) => string): void {
  const field = fieldOf(id);
  if (!field) return;
  const most = field.maxLength > 0 ? field.maxLength : Infinity;
  const value = change(field.value, most);
  if (value === field.value) return;
  field.value = value;
  field.dispatchEvent(new Event("input", { bubbles: true }));
}
