// A place's code is its address: any camera opens the report form for it.
import { encode } from "uqr";
import { link } from "../../router";

/** Where scanning leads. */
export const placeAddress = (origin: string, placeId: string): string =>
  `${origin}/${link("capture")}?point=${placeId}`;

export interface Code {
  size: number;
  path: string;
}

/** The code as one path of unit squares, with the quiet border that readers need. */
export function codeOf(text: string): Code {
  // M: a code that hangs outside loses a corner. Four modules of border are what the standard asks for.
  const { data, size } = encode(text, { ecc: "M", border: 4 });
  const path = data.flatMap((row, y) => row.map((isDark, x) => (isDark ? `M${x} ${y}h1v1h-1z` : ""))).join("");
  return { size, path };
}
