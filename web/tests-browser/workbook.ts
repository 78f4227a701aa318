// A workbook as an office would bring one: one sheet, every cell a text.
import { crc32 } from "node:zlib";

const HEAD = '<?xml version="1.0" encoding="UTF-8" standalone="yes"?>';
const OFFICE = "http://schemas.openxmlformats.org";
const PARTS = (sheet: string): [string, string][] => [
  [
    "[Content_Types].xml",
    `<Types xmlns="${OFFICE}/package/2006/content-types">` +
      '<Default Extension="rels" ContentType="application/vnd.openxmlformats-package.relationships+xml"/>' +
      '<Override PartName="/xl/workbook.xml" ContentType="application/vnd.openxmlformats-officedocument.' +
      'spreadsheetml.sheet.main+xml"/><Override PartName="/xl/worksheets/sheet1.xml" ContentType="application/' +
      'vnd.openxmlformats-officedocument.spreadsheetml.worksheet+xml"/></Types>',
  ],
  ["_rels/.rels", relation("officeDocument", "xl/workbook.xml")],
  [
    "xl/workbook.xml",
    `<workbook xmlns="${OFFICE}/spreadsheetml/2006/main" xmlns:r="${OFFICE}/officeDocument/2006/relationships">` +
      '<sheets><sheet name="Sheet1" sheetId="1" r:id="rId1"/></sheets></workbook>',
  ],
  ["xl/_rels/workbook.xml.rels", relation("worksheet", "worksheets/sheet1.xml")],
  ["xl/worksheets/sheet1.xml", sheet],
];
function relation(kind: string, target: string): string {
  const type = `${OFFICE}/officeDocument/2006/relationships/${kind}`;
  return (
    `<Relationships xmlns="${OFFICE}/package/2006/relationships">` +
    `<Relationship Id="rId1" Type="${type}" Target="${target}"/></Relationships>`
  );
}
const escaped = (text: string) => text.replaceAll("&", "&amp;").replaceAll("<", "&lt;");

/** The workbook with these rows, to be chosen as a file. */
export function workbook(name: string, rows: string[][]) {
  const column = (at: number) => String.fromCharCode(65 + at);
  const cell = (text: string, place: string) => `<c r="${place}" t="inlineStr"><is><t>${escaped(text)}</t></is></c>`;
  const data = rows
    .map((row, at) => `<row r="${at + 1}">${row.map((text, of) => cell(text, column(of) + (at + 1))).join("")}</row>`)
    .join("");
  const sheet = `<worksheet xmlns="${OFFICE}/spreadsheetml/2006/main"><sheetData>${data}</sheetData></worksheet>`;
  const files = PARTS(sheet).map(([path, text]) => [path, Buffer.from(HEAD + text)] as const);
  return {
    name: `${name}.xlsx`,
    mimeType: "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
    buffer: zip(files),
  };
}

/** An archive of stored files. Source: APPNOTE 6.3.10, sections 4.3.7, 4.3.12 and 4.3.16. */
function zip(files: (readonly [string, Buffer])[]): Buffer {
  const parts: Buffer[] = [];
  const index: Buffer[] = [];
  let offset = 0;
  for (const [path, bytes] of files) {
    const name = Buffer.from(path);
    // From the version needed to the length of the extra field: the same in both headers.
    const common = Buffer.alloc(26);
    common.writeUInt16LE(20, 0);
    common.writeUInt16LE(0x21, 8);
    common.writeUInt32LE(crc32(bytes), 10);
    common.writeUInt32LE(bytes.length, 14);
    common.writeUInt32LE(bytes.length, 18);
    common.writeUInt16LE(name.length, 22);
    const local = Buffer.concat([Buffer.from("PK\u0003\u0004"), common, name, bytes]);
    const rest = Buffer.alloc(14);
    rest.writeUInt32LE(offset, 10);
    index.push(Buffer.concat([Buffer.from("PK\u0001\u0002\u0014\u0000"), common, rest, name]));
    parts.push(local);
    offset += local.length;
  }
  const central = Buffer.concat(index);
  const end = Buffer.alloc(18);
  end.writeUInt16LE(files.length, 4);
  end.writeUInt16LE(files.length, 6);
  end.writeUInt32LE(central.length, 8);
  end.writeUInt32LE(offset, 12);
  return Buffer.concat([...parts, central, Buffer.from("PK\u0005\u0006"), end]);
}
