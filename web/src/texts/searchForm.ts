/** Characters that nobody sees and a copied word often brings along: the same as the service's search leaves out. */
const UNSEEN = /[\u00ad\u200b-\u200f\u202a-\u202e\u2060-\u2064\ufeff]/g;

/** The form in which words and texts are compared, as the service does it: one width, small letters, no blanks around. */
export function searchForm(text: string): string {
  return text.normalize("NFKC").replace(UNSEEN, "").trim().toLowerCase();
}
