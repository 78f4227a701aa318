// What stands at which time: people in charge of a unit, and pairings. Pure.
import type { Duty, InCharge, Pairing, UnitPerson } from "../../api/charge";

/** An instant of that day in the county, to write the day. */
export const noon = (day: string): string => `${day}T04:00:00Z`;

/** In the order of the page. */
export const DUTIES: Record<Duty, true> = { principal: true, "vice-head": true, liaison: true };

/** Those of one duty: who has it now, if anybody, and what is known to come. */
export function ofDuty<T extends Pick<UnitPerson, "duty" | "from" | "current">>(
  people: T[],
  duty: Duty,
  today: string,
): { now: T | undefined; later: T[]; all: T[] } {
  const all = people.filter((one) => one.duty === duty).sort((a, b) => b.from.localeCompare(a.from));
  return {
    all,
    now: all.find((one) => one.current),
    later: all.filter((one) => one.from > today).reverse(),
  };
}

/** The people of each unit. */
export function byUnit(all: InCharge[]): Map<string, InCharge[]> {
  const units = new Map<string, InCharge[]>();
  for (const one of all) units.set(one.unit_id, [...(units.get(one.unit_id) ?? []), one]);
  return units;
}

/** The first day that may be named; any day, while what is known of the duty has not begun before today. */
export const earliest = (all: Pick<UnitPerson, "from">[], today: string): string | undefined =>
  all.some(({ from }) => from < today) ? today : undefined;

export type Stand = "now" | "later" | "over";
export function standOf({ from, to }: Pick<Pairing, "from" | "to">, today: string): Stand {
  if (from > today) return "later";
  return to === null || to >= today ? "now" : "over";
}

/** Whether its last day can still be changed: the service keeps what ended before yesterday as it was. */
export const mayEnd = ({ from, to }: Pick<Pairing, "from" | "to">, today: string, yesterday: string): boolean =>
  from <= today && (to === null || to >= yesterday);
