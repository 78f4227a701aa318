import { tableAddress } from "../api/tables";

interface Props {
  /** Path of the list's export. */
  path: string;
  /** What the workbook and the CSV file are called on their buttons. */
  labels: [xlsx: string, csv: string];
}

/** A list to take home: as a workbook, or as CSV for other programs. */
export function SheetLinks({ path, labels: [xlsx, csv] }: Props) {
  return (
    <>
      <a class="button no-print" href={tableAddress(path, "xlsx")} download>
        {xlsx}
      </a>
      <a class="button button-plain no-print" href={tableAddress(path, "csv")} download>
        {csv}
      </a>
    </>
  );
}
