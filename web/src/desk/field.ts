// Fields of a form that phones have too. What is pressed beside it is typed into it as its person would, so that the
// form saves it like all that is typed, and phones need not load what is beside.
import { useEffect, useState } from "preact/hooks";

type Field = HTMLInputElement | HTMLTextAreaElement;

const fieldOf = (id: string): Field | null => document.querySelector<Field>(`main #${id}`);

/** What the field says now; `null` while it is not there. */
export function useField(id: string): string | null {
  const [value, setValue] = useState<string | null>(null);
  useEffect(() => {
    const look = () => setValue(fieldOf(id)?.value ?? null);
    // The form comes, goes and is begun anew: each changes what is on the page, and the field's value with it.
    const observer = new MutationObserver(look);
    observer.observe(document.body, { childList: true, subtree: true });
    document.addEventListener("input", look);
    look();
    return () => {
      observer.disconnect();
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
