// Loading sheets.
import { getItems } from "./items";
import { sendFile } from "./sendFile";
import type { OnSent, Sending } from "./sendFile";
import type { Schemas } from "./types";

export type Sheet = Schemas["SheetView"];

export type Imported = Schemas["ImportedView"];

export type ImportKind = Schemas["ImportKind"];

export const listSheets = (): Promise<Sheet[]> => getItems("/imports");

const WORKBOOK = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet";

/** Whether the file is a workbook, by its name: systems differ in the types that they give to files. */
export const isWorkbook = (name: string): boolean => /\.xlsx$/i.test(name);

/** Has a sheet checked or loaded. */
export const sendSheet = (kind: ImportKind, file: File, checkOnly: boolean, onSent: OnSent): Sending<Imported> =>
  sendFile(
    "POST",
    `/imports/${kind}?check=${String(checkOnly)}`,
    isWorkbook(file.name) ? WORKBOOK : "text/csv",
    file,
    onSent,
  );
