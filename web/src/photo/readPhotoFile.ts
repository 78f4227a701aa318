// Reads a file from the camera or the album: its digest, its type and a preview.
import { PHOTO_BYTES_MAX } from "../api/limits";
import type { PhotoView } from "../api/types";
import type { PhotoRef, StoredPhoto } from "../store/records";
import { uuid } from "../session/uuid";

/** Longest edge of the picture we show ourselves, in pixels; the original is what is sent. */
const PREVIEW_EDGE_PX = 960;

/** HEIC files name one of the former brands. One of the latter means another format. Source: src/media/heif.rs. */
const HEIC_BRANDS = /^(hei[cxms]|hev[cx]|mif1|msf1)$/;
const FOREIGN_BRANDS = /^(avif|avis)$/;
/** Where the brands of such a file end at the latest. */
const BRANDS_BYTES = 256;

/** Why the service would refuse a file. Said at once, not after a day in the outbox. */
export type PhotoFault = "empty" | "too-large" | "kind";
export class PhotoRefused extends Error {
  readonly fault: PhotoFault;
  constructor(fault: PhotoFault) {
    super(fault);
    this.fault = fault;
  }
}

export interface Taken {
  ref: PhotoRef;
  stored: Omit<StoredPhoto, "preview">;
  bytes: ArrayBuffer;
}

export async function readPhotoFile(file: File, ownerId: string, view: PhotoView, now: number): Promise<Taken> {
  if (file.size > PHOTO_BYTES_MAX) throw new PhotoRefused("too-large");
  const bytes = await readBytes(file);
  if (bytes.byteLength === 0) throw new PhotoRefused("empty");
  const type = kindOf(bytes);
  if (type === null) throw new PhotoRefused("kind");
  const id = uuid();
  const capturedAt = new Date(capturedTime(file, now)).toISOString();
  const sha256 = await digest(bytes);
  const ref = { id, view, capturedAt, sizeBytes: bytes.byteLength, sha256 };
  const stored = {
    id,
    ownerId,
    type,
    sizeBytes: bytes.byteLength,
    chunkCount: Math.ceil(bytes.byteLength / 262_144),
    sha256,
    capturedAt,
  };
  return { ref, stored, bytes };
}

/** The file's own time is when the camera wrote it; one from the future is a wrong clock. */
function capturedTime(file: File, now: number): number {
  return file.lastModified > 0 && file.lastModified <= now ? file.lastModified : now;
}

/** `Blob.arrayBuffer` is newer than some web views. */
function readBytes(file: Blob): Promise<ArrayBuffer> {
  return new Promise((resolve, reject) => {
    const reader = new FileReader();
    reader.onload = () => resolve(reader.result as ArrayBuffer);
    reader.onerror = () => reject(reader.error);
    reader.readAsArrayBuffer(file);
  });
}

/** Lower-case hexadecimal SHA-256; `null` without HTTPS. */
async function digest(bytes: ArrayBuffer): Promise<string | null> {
  if (!window.isSecureContext) return null;
  const hash = new Uint8Array(await crypto.subtle.digest("SHA-256", bytes));
  return Array.from(hash, (byte) => byte.toString(16).padStart(2, "0")).join("");
}

/** The type by the bytes. Web views often give no type, or `image/jpeg` for everything. */
export function kindOf(bytes: ArrayBuffer): string | null {
  const head = new Uint8Array(bytes.slice(0, BRANDS_BYTES));
  const text = String.fromCharCode(...head);
  if (head[0] === 0xff && head[1] === 0xd8) return "image/jpeg";
  if (text.startsWith("\x89PNG")) return "image/png";
  if (text.startsWith("RIFF") && text.slice(8, 12) === "WEBP") return "image/webp";
  return text.slice(4, 8) === "ftyp" && isHeic(text, (head[2] ?? 0) * 256 + (head[3] ?? 0)) ? "image/heic" : null;
}

function isHeic(text: string, length: number): boolean {
  // Major brand, minor version, compatible brands.
  const brands = (text.slice(8, Math.max(12, length)).match(/[\s\S]{4}/g) ?? []).filter((_, at) => at !== 1);
  return brands.some((brand) => HEIC_BRANDS.test(brand)) && !brands.some((brand) => FOREIGN_BRANDS.test(brand));
}

/** A small JPEG, or `null` if the browser cannot decode the file; the original is kept anyway. */
export async function makePreview(file: Blob): Promise<ArrayBuffer | null> {
  const url = URL.createObjectURL(file);
  try {
    // `<img>` applies the orientation from Chrome 81 on; `createImageBitmap` even later.
    const image = await decode(url);
    const scale = Math.min(1, PREVIEW_EDGE_PX / Math.max(image.naturalWidth, image.naturalHeight));
    const canvas = document.createElement("canvas");
    canvas.width = Math.max(1, Math.round(image.naturalWidth * scale));
    canvas.height = Math.max(1, Math.round(image.naturalHeight * scale));
    canvas.getContext("2d")?.drawImage(image, 0, 0, canvas.width, canvas.height);
    const blob = await new Promise<Blob | null>((resolve) => canvas.toBlob(resolve, "image/jpeg", 0.8));
    return blob ? await readBytes(blob) : null;
  } catch {
    return null;
  } finally {
    URL.revokeObjectURL(url);
  }
}

function decode(url: string): Promise<HTMLImageElement> {
  return new Promise((resolve, reject) => {
    const image = new Image();
    image.onload = () => resolve(image);
    image.onerror = () => reject(new Error("not decodable here"));
    image.src = url;
  });
}
