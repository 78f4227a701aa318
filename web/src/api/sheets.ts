// Loading sheets.
import { getItems } from "./items";
import { sendFile } from "./sendFile";
import type { OnSent, Sending } from "./sendFile";
import type { Schemas } from "./types";

export type Sheet = Schemas["SheetView"];

export type Imported = Schemas["ImportedView"];

export type ImportKind = Schemas["ImportKind"];

export const listSheets = (): Promise<Sheet[]> => getItems("/imports");

/** Has a sheet checked or loaded. */
export const sendSheet = (kind: ImportKind, file: Blob, checkOnly: boolean, onSent: OnSent): Sending<Imported> =>
  sendFile("POST", `/imports/${kind}?check=${String(checkOnly)}`, "text/csv", file, onSent);
