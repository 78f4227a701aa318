// Loading sheets.
import { getItems } from "./items";
import { BASE } from "./request";
import { sendFile } from "./sendFile";
import type { OnSent, Sending } from "./sendFile";
import type { Schemas } from "./types";

export type Sheet = Schemas["SheetView"];

export type Imported = Schemas["ImportedView"];

export type ImportKind = Schemas["ImportKind"];
/** What the degrees of a list of points may be. */
export type ListCrs = Schemas["ListCrs"];

export const listSheets = (): Promise<Sheet[]> => getItems("/imports");

const WORKBOOK = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet";

/** Whether the file is a workbook, by its name: systems differ in the types that they give to files. */
export const isWorkbook = (name: string): boolean => /\.xlsx$/i.test(name);

/** Where a sheet is fetched from: an empty one with explanations, or what is there. */
export const templateAddress = (kind: ImportKind): string => `${BASE}/imports/${kind}/template`;
export const exportAddress = (kind: ImportKind, format: Schemas["SheetFormat"]): string =>
  `${BASE}/imports/${kind}/export?format=${format}`;

/** Has a sheet checked or loaded; `crs` says what the degrees of points are. */
export const sendSheet = (
  kind: ImportKind,
  file: File,
  checkOnly: boolean,
  onSent: OnSent,
  crs: ListCrs = "wgs84",
): Sending<Imported> =>
  sendFile(
    "POST",
    `/imports/${kind}?check=${String(checkOnly)}${crs === "wgs84" ? "" : `&crs=${crs}`}`,
    isWorkbook(file.name) ? WORKBOOK : "text/csv",
    file,
    onSent,
  );
