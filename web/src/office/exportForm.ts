// The format in which a person wants exported sheets, stored on the device.
import type { SheetForm, SheetFormat } from "../api/longJobs";
import { keysOf } from "../keysOf";
import { session } from "../session/session";

/** Every format, in the order in which they are offered: the one that asks for no further choice first. */
const FORMATS: Record<SheetFormat, true> = { xlsx: true, csv: true, "csv-gb18030": true };
export const SHEET_FORMATS = keysOf(FORMATS);

/** What is asked of the service: a sheet of text has no pictures, whatever was chosen for a workbook. */
export const formOf = ({ format, pictures }: SheetForm): SheetForm => ({
  format,
  pictures: pictures && format === "xlsx",
});

const key = () => `export/${session.value?.user.id ?? ""}`;

export function readForm(): SheetForm {
  try {
    const kept = JSON.parse(localStorage.getItem(key()) ?? "null") as Partial<SheetForm> | null;
    const format = SHEET_FORMATS.find((one) => one === kept?.format) ?? "xlsx";
    return { format, pictures: kept?.pictures === true };
  } catch {
    return { format: "xlsx", pictures: false };
  }
}

export function keepForm(form: SheetForm): void {
  try {
    localStorage.setItem(key(), JSON.stringify(form));
  } catch {
    // Private windows may refuse; the choice then lasts as long as the page.
  }
}
