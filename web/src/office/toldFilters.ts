// Describes filters that can only be reached by a link: a list that a figure leads to says what it shows.
import { phaseOf } from "../states";
import type { State } from "../api/types";
import { t } from "../texts";
import { civilDay } from "../time/civil";
import { formatDay } from "../time/moment";
import { SINCE } from "./filters";
import type { Filter } from "./filters";

export interface Told {
  /** What goes when it is taken away. */
  filters: Filter[];
  words: string;
}

/** Noon of a civil day, which is that day in every zone that matters here. */
const noon = (day: string): number => Date.parse(`${day}T04:00:00Z`);
const DAY_MS = 24 * 3_600_000;

/** A span of civil days; `to` is the first day that is no longer in it. */
function span(from: string, to: string): string {
  const last = to === "" ? NaN : noon(to) - DAY_MS;
  const [first, end] = [from === "" ? "" : formatDay(noon(from)), Number.isNaN(last) ? "" : formatDay(last)];
  if (first === "") return t("told.until", { to: end });
  if (end === "") return t("told.since", { from: first });
  return first === end ? first : t("told.days", { from: first, to: end });
}

/** What is shown of the link-only filters of an address; `isReleased` where its reader only knows what was released. */
export function toldOf(address: URLSearchParams, isReleased: boolean): Told[] {
  const value = (name: Filter) => address.get(name) ?? "";
  const day = (at: string) => (Number.isNaN(Date.parse(at)) ? "" : civilDay(at));
  const told: Told[] = [];
  const begin = value("from");
  const isListed = begin === "" || (SINCE as readonly string[]).includes(begin);
  if (!isListed || value("to") !== "")
    told.push({
      filters: ["from", "to"],
      words: t(isReleased ? "told.released" : "told.received", {
        days: span(isListed ? "" : day(begin), day(value("to"))),
      }),
    });
  if (value("due_from") || value("due_to"))
    told.push({
      filters: ["due_from", "due_to"],
      words: t("told.due", { days: span(value("due_from"), value("due_to")) }),
    });
  if (value("closed_from") || value("closed_to"))
    told.push({
      filters: ["closed_from", "closed_to"],
      words: t("told.closed", { days: span(value("closed_from"), value("closed_to")) }),
    });
  if (value("on_time"))
    told.push({ filters: ["on_time"], words: t(value("on_time") === "true" ? "told.onTime" : "told.late") });
  if (value("handler")) told.push({ filters: ["handler"], words: t("told.handler", { name: value("handler") }) });
  return told;
}

/** The states that whoever reads only what was released can find anything in. */
export const isReleasedState = (state: State): boolean => phaseOf(state) !== "unreleased";
