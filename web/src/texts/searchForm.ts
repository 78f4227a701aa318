/** Characters that nobody sees and a copied word often brings along: the same as the service's search leaves out. */
const UNSEEN = /[\u00ad\u200b-\u200f\u202a-\u202e\u2060-\u2064\ufeff]/g;

/**
 * The form in which words and texts are compared, as the service does it: one width, small letters, no blanks around.
 */
export function searchForm(text: string): string {
  return text.normalize("NFKC").replace(UNSEEN, "").trim().toLowerCase();
}

/** Whether a text, or the sounds of its characters, holds what is looked for; both in the form above. */
export function holds(text: string, initials: string | undefined, needle: string): boolean {
  if (needle === "" || searchForm(text).includes(needle)) return true;
  if (!initials || !/^[a-z]+$/.test(needle)) return false;
  // One word a character, a letter for each way to read it.
  const sounds = initials.split(" ");
  return sounds.some(
    (_, from) =>
      from + needle.length <= sounds.length &&
      Array.from(needle).every((letter, at) => sounds[from + at]?.includes(letter)),
  );
}

/** What the service sends with a name; services of before do not. */
export const initialsOf = (thing: object): string | undefined => (thing as { initials?: string }).initials;
