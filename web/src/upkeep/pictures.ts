// Cached pictures of the service: how many, how large, how long.
import { photoPath } from "../api/photos";
import { pictureBytes } from "../api/pictures";
import { readMeta, writeMeta } from "../store/cache";
import { withDatabase, write } from "../store/database";
import type { CachedPicture } from "../store/database";
import { civilDay } from "../time/civil";

/** What may be fetched ahead. */
export interface Allowance {
  pictures: number;
  bytes: number;
}
/** What some browsers tell about the network. */
export interface Connection {
  saveData?: boolean;
  type?: string;
  effectiveType?: string;
}

const MB = 1024 * 1024;
const NOTHING: Allowance = { pictures: 0, bytes: 0 };
/** By kind of network. Source: our choice; a picture takes 100 to 300 KB, a task has two to four. */
const PER_DAY: Record<"mobile" | "unknown" | "free", Allowance> = {
  mobile: { pictures: 24, bytes: 4 * MB },
  unknown: { pictures: 80, bytes: 16 * MB },
  free: { pictures: 240, bytes: 48 * MB },
};
/** Maximum size and age of all cached pictures. Source: our choice; a task is done long before. */
export const KEPT_BYTES_MAX = 64 * MB;
export const KEPT_MS_MAX = 30 * 24 * 3_600_000;

/** What one day may fetch ahead on this network. */
export function allowanceOn(connection: Connection | undefined): Allowance {
  if (!connection) return PER_DAY.unknown;
  if (connection.saveData || connection.effectiveType === "2g" || connection.effectiveType === "slow-2g")
    return NOTHING;
  switch (connection.type) {
    case "wifi":
    case "ethernet":
      return PER_DAY.free;
    case "cellular":
    case "bluetooth":
    case "wimax":
      return PER_DAY.mobile;
    default:
      return PER_DAY.unknown;
  }
}

/** What has been fetched ahead today. */
interface Fetched extends Allowance {
  day: string;
}
const FETCHED_KEY = "fetched-ahead";
/** Time and size of each cached picture, so that the pictures need not be read for it. */
const INDEX_KEY = "pictures";
type Index = Record<string, { at: number; bytes: number }>;

/** Caches these pictures in order, within the day's allowance. Failures are ignored. */
export async function keepPictures(ids: string[], now: number, connection: Connection | undefined): Promise<void> {
  const allowance = allowanceOn(connection);
  const day = civilDay(now);
  const before = (await readMeta(FETCHED_KEY)) as Fetched | undefined;
  const fetched = before?.day === day ? { ...before } : { day, pictures: 0, bytes: 0 };
  for (const id of ids) {
    if (fetched.pictures >= allowance.pictures || fetched.bytes >= allowance.bytes) return;
    const key = `${id}/view`;
    if (await withDatabase((db) => db.count("pictures", key))) continue;
    const picture = await pictureBytes(photoPath(id, "view")).catch(() => null);
    if (!picture) continue;
    fetched.pictures += 1;
    fetched.bytes += picture.bytes.byteLength;
    await keepPicture(key, { ...picture, at: now });
    await writeMeta(FETCHED_KEY, fetched);
  }
}

export const keepPicture = (key: string, picture: CachedPicture): Promise<void> =>
  write(["pictures", "meta"], async (tx) => {
    const index = ((await tx.objectStore("meta").get(INDEX_KEY)) ?? {}) as Index;
    await tx
      .objectStore("meta")
      .put({ ...index, [key]: { at: picture.at, bytes: picture.bytes.byteLength } }, INDEX_KEY);
    await tx.objectStore("pictures").put(picture, key);
  });

/**
 * Deletes pictures that are too old, then the oldest until the rest is small enough. Pictures of older apps have no
 * entry and go first.
 */
export const evictPictures = (now: number, bytesMax: number = KEPT_BYTES_MAX): Promise<void> =>
  write(["pictures", "meta"], async (tx) => {
    const index = ((await tx.objectStore("meta").get(INDEX_KEY)) ?? {}) as Index;
    const kept: Index = {};
    let bytes = 0;
    const known = (await tx.objectStore("pictures").getAllKeys()).map((key) => ({
      key,
      ...(index[key] ?? { at: 0, bytes: 0 }),
    }));
    for (const { key, at, bytes: size } of known.sort((a, b) => b.at - a.at)) {
      if (now - at <= KEPT_MS_MAX && bytes + size <= bytesMax) {
        bytes += size;
        kept[key] = { at, bytes: size };
      } else await tx.objectStore("pictures").delete(key);
    }
    await tx.objectStore("meta").put(kept, INDEX_KEY);
  });
