import type { Place } from "../api/types";
import { distanceM } from "../place/distance";
import { position } from "../place/position";
import { reference } from "../session/reference";
import { holds, initialsOf, searchForm } from "../texts/searchForm";

export interface NearPlace {
  place: Place;
  metres: number | null;
}

/** A place whose position nobody has noted comes after all others. */
const UNKNOWN_M = Number.MAX_VALUE;

/** All places that match the search, nearest first if the position is known, else by code. */
export function nearestFirst(words: string): NearPlace[] {
  const here = position.value.kind === "known" ? position.value.location : null;
  const needle = searchForm(words);
  return (reference.value?.points ?? [])
    .filter((place) => holds(`${place.name} ${place.code} ${place.address}`, initialsOf(place), needle))
    .map((place) => ({ place, metres: here && place.location ? distanceM(here, place.location) : null }))
    .sort((a, b) => (a.metres ?? UNKNOWN_M) - (b.metres ?? UNKNOWN_M) || a.place.code.localeCompare(b.place.code));
}
