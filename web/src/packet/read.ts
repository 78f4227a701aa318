// Reads such a file a line at a time.
import { PACKET_LINE_BYTES_MAX } from "../api/limits";
import { FORMAT, FORMAT_VERSION } from "./format";
import type { Head, Line } from "./format";

/** The file is no packet, or one of version 1. */
export class NotAPacket extends Error {
  readonly isOld: boolean;
  constructor(isOld: boolean) {
    super("another kind of file");
    this.isOld = isOld;
  }
}

const READ_BYTES = 512 * 1024;

/** The lines after the head, in order; unknown ones are left out. A last line that was cut off ends it. */
export async function* linesOf(file: Blob): AsyncGenerator<Line> {
  for await (const text of textLines(file)) {
    let content: unknown;
    try {
      content = JSON.parse(text);
    } catch {
      return;
    }
    if (typeof content === "object" && content !== null) yield content as Line;
  }
}

export async function readHead(file: Blob): Promise<Head> {
  for await (const content of linesOf(file.slice(0, PACKET_LINE_BYTES_MAX))) {
    if (!("packet" in content)) break;
    const { packet } = content;
    if (packet.format !== FORMAT || packet.version !== FORMAT_VERSION) throw new NotAPacket(false);
    return packet;
  }
  // A file of version 1 is one long line of JSON, so it is recognised by its beginning.
  const begin = await readText(file.slice(0, 64));
  throw new NotAPacket(begin.startsWith(`{"format":"${FORMAT}","version":1,`));
}

async function* textLines(file: Blob): AsyncGenerator<string> {
  const decoder = new TextDecoder();
  let rest = "";
  for (let at = 0; at < file.size; at += READ_BYTES) {
    rest += decoder.decode(await readBytes(file.slice(at, at + READ_BYTES)), { stream: true });
    const lines = rest.split("\n");
    rest = lines.pop() ?? "";
    for (const text of lines) if (text.trim() !== "") yield text;
    if (rest.length > PACKET_LINE_BYTES_MAX) throw new NotAPacket(false);
  }
  if (rest.trim() !== "") yield rest;
}

/** `Blob.arrayBuffer` and `Blob.text` are newer than some web views. */
export const readBytes = (blob: Blob): Promise<ArrayBuffer> =>
  readAs((reader) => reader.readAsArrayBuffer(blob)) as Promise<ArrayBuffer>;
export const readText = (blob: Blob): Promise<string> => readAs((reader) => reader.readAsText(blob)) as Promise<string>;

function readAs(begin: (reader: FileReader) => void): Promise<unknown> {
  return new Promise((resolve, reject) => {
    const reader = new FileReader();
    reader.onload = () => resolve(reader.result);
    reader.onerror = () => reject(reader.error);
    begin(reader);
  });
}
