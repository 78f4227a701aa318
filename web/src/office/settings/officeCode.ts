// The QR code of a place is an address: any camera app opens the report form for it.
import { encode } from "uqr";
import { link } from "../../router";

/** Where scanning leads. */
export const placeAddress = (origin: string, placeId: string): string =>
  `${origin}/${link("capture")}?point=${placeId}`;

export interface Code {
  size: number;
  path: string;
}

/** The code as one SVG path of unit squares, with the quiet zone that scanners need. */
export function codeOf(text: string): Code {
  // Level M, because codes outdoors get damaged. The standard asks for a quiet zone of four modules.
  const { data, size } = encode(text, { ecc: "M", border: 4 });
  const path = data.flatMap((row, y) => row.map((isDark, x) => (isDark ? `M${x} ${y}h1v1h-1z` : ""))).join("");
  return { size, path };
}
