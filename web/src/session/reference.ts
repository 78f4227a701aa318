// Points, items, units: all that a phone needs to file a report without a network.
import { computed, signal } from "@preact/signals";
import { readReference } from "../api/reference";
import type { Item, Place, Reference, Unit } from "../api/types";
import { cacheAnswer, readCached } from "../store/cache";
import { returnCount } from "./foreground";

export const reference = signal<Reference | null>(null);
export const referenceAt = signal<number | null>(null);

const KEY = "reference";
/** The ETag of the present data, so that it is not fetched again unchanged. */
let etagHere: string | undefined;

// Places may have changed while the person was away.
returnCount.subscribe((count) => {
  if (count > 0 && reference.value) void refreshReference(etagHere).catch(() => undefined);
});

export async function openReference(): Promise<void> {
  const kept = await readCached(KEY).catch(() => undefined);
  if (kept) {
    reference.value = kept.body as Reference;
    referenceAt.value = kept.at;
  }
  await refreshReference(kept?.etag ?? undefined);
}

/** Fetches it again if it has changed; throws what the call throws. */
export async function refreshReference(etag?: string): Promise<void> {
  const answer = await readReference(etag);
  const at = Date.now();
  if (answer.status !== 304) reference.value = answer.body;
  etagHere = answer.etag ?? undefined;
  referenceAt.value = at;
  await cacheAnswer(KEY, { at, etag: answer.etag, body: reference.value });
}

export function forgetReference(): void {
  reference.value = null;
  referenceAt.value = null;
  etagHere = undefined;
}

const placesById = computed(() => new Map(reference.value?.points.map((place) => [place.id, place])));
const itemsByCode = computed(() => new Map(reference.value?.items.map((item) => [item.code, item])));
const unitsById = computed(() => new Map(reference.value?.units.map((unit) => [unit.id, unit])));
const typesByCode = computed(() => new Map(reference.value?.point_types.map((type) => [type.code, type])));

export const placeOf = (id: string | null): Place | undefined => (id === null ? undefined : placesById.value.get(id));
export const itemOf = (code: string | null): Item | undefined =>
  code === null ? undefined : itemsByCode.value.get(code);
export const unitOf = (id: string | null): Unit | undefined => (id === null ? undefined : unitsById.value.get(id));
export const typeOf = (code: string) => typesByCode.value.get(code);
