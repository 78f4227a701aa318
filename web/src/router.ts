// The part of the address behind `#`, so that the app opens without a server and every page has a link.
import { computed, signal } from "@preact/signals";

const hash = signal(location.hash);
let previous = "";
addEventListener("hashchange", () => show(location.hash));

function show(next: string): void {
  if (next !== hash.value) previous = hash.value;
  hash.value = next;
}

/** The previous address; `""` if there is none. */
export const cameFrom = (): string => previous;

export interface Route {
  path: string[];
  query: URLSearchParams;
}

export const route = computed<Route>(() => {
  const [path = "", query = ""] = hash.value.replace(/^#\/?/, "").split("?");
  return { path: path.split("/").filter(Boolean).map(decoded), query: new URLSearchParams(query) };
});

/** Decodes a part of an address. A malformed part stays as it is and leads to no page. */
function decoded(part: string): string {
  try {
    return decodeURIComponent(part);
  } catch {
    return part;
  }
}

export const link = (...path: string[]): string => `#/${path.map(encodeURIComponent).join("/")}`;

export function go(to: string): void {
  location.hash = to;
}

/** Replaces the present address, so that Back does not return to it. */
export function goInstead(to: string): void {
  history.replaceState(null, "", to);
  show(location.hash);
}

/** Goes back, or to `otherwise` if this page was opened by a link. */
export function goBack(otherwise: string): void {
  if (history.length > 1) history.back();
  else goInstead(otherwise);
}
