// Lists that are fetched as sheets.
import { BASE } from "./request";
import type { Schemas } from "./types";

/** Where a list is fetched as a sheet; the path is that of the list's export, with its query if it has one. */
export const tableAddress = (path: string, format: Schemas["SheetFormat"]): string =>
  `${BASE}${path}${path.includes("?") ? "&" : "?"}format=${format}`;
