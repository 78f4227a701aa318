// Reads and fills a field of a form that phones use, too. When somebody presses a phrase or a number of days beside the
// form, the text is put into the field with an input event, as if it had been typed. So the form saves it as usual, and
// phones need not load the parts beside it.
import { useEffect, useState } from "preact/hooks";

type Field = HTMLInputElement | HTMLTextAreaElement;

const fieldOf = (id: string): Field | null => document.querySelector<Field>(`main #${id}`);

/** What the field says now; `null` while it is not there. */
export function useField(id: string): string | null {
  const [value, setValue] = useState<string | null>(null);
  useEffect(() => {
    const look = () => setValue(fieldOf(id)?.value ?? null);
    // The form may be opened, closed or cleared: each changes the page, and with it the value of the field.
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
