// The headline of a report: the place, and the everyday fault that was tapped or else the usual fault of the item.
import type { Schemas } from "../api/types";
import { keysOf } from "../keysOf";
import { itemOf, placeOf } from "../session/reference";
import type { ReportFields } from "../store/reportFields";
import { faultTitle, t } from "../texts";
import "../texts/withForms";

export type Chip = Schemas["Chip"];
/** Source: domain M12, in its order. */
export const CHIPS: Record<Chip, true> = {
  "road-uneven": true,
  "lamp-out": true,
  dirty: true,
  "facility-missing": true,
  "street-market": true,
  "stray-stall": true,
  "road-trading": true,
  "shop-spill": true,
  "road-working": true,
};

const chipWords = (): string[] => keysOf(CHIPS).map((chip) => t(`chip.${chip}`));
/** Everything up to the first mark that ends a clause. */
const firstClause = (text: string): string => text.split(/[\uff0c,\u3002.;\uff1b\n]/)[0]?.trim() ?? "";

/**
 * The description after a chip was tapped: it begins with the chip's words. Words of another chip give way; what
 * somebody has written stays.
 */
export function worded(description: string, chip: Chip): string {
  const first = firstClause(description);
  const words = t(`chip.${chip}`);
  if (first === words) return description;
  if (first === "") return words;
  if (chipWords().includes(first)) return description.trimStart().replace(first, words);
  return description;
}

/** The headline of a report: the words of a chip that its description begins with, else the usual fault of the item. */
export function headlineOf({ itemCode, description }: Pick<ReportFields, "itemCode" | "description">): string {
  const first = firstClause(description);
  return chipWords().includes(first) ? first : faultTitle(itemOf(itemCode));
}

export const placeNameOf = ({ place, pointId }: Pick<ReportFields, "place" | "pointId">): string | undefined =>
  place ? place.name.trim() : placeOf(pointId)?.name;
