// Which items are checked at which places.
import type { Item, Place } from "../api/types";
import { reference } from "./reference";

/** Whether the item is looked for at places of this type; the service refuses it elsewhere. */
export const fitsPlace = (item: Item, place: Place): boolean =>
  item.point_types.some((type) => type === "*" || type === place.type);

/** The items that can be wrong at a place of this type. */
export const itemsFor = (place: Place | undefined): Item[] =>
  (reference.value?.items ?? []).filter(
    (item) => !place || (fitsPlace(item, place) && place.campaigns.includes(item.campaign)),
  );
