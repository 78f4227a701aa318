import type { Place } from "../api/types";
import { distanceM } from "../place/distance";
import { position } from "../place/position";
import { reference } from "../session/reference";
import { holds, initialsOf, searchForm } from "../texts/searchForm";

export interface NearPlace {
  place: Place;
  metres: number | null;
}

/** All places that match the search, nearest first if the position is known, else by code. */
export function nearestFirst(words: string): NearPlace[] {
  const here = position.value.kind === "known" ? position.value.location : null;
  const needle = searchForm(words);
  return (reference.value?.points ?? [])
    .filter((place) => holds(`${place.name} ${place.code} ${place.address}`, initialsOf(place), needle))
    .map((place) => ({ place, metres: here ? distanceM(here, place.location) : null }))
    .sort((a, b) => (a.metres ?? 0) - (b.metres ?? 0) || a.place.code.localeCompare(b.place.code));
}
