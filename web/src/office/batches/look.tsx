// How batches look: their states, days and the people on them.
import type { BatchState } from "../../api/batches";
import { areas } from "../areas";
import { reference, typeOf } from "../../session/reference";
import { localName, t } from "../../texts";
import { formatDay } from "../../time/moment";

const TONES: Record<BatchState, string> = {
  draft: "",
  proposed: "tone-warn",
  approved: "tone-violet",
  drawn: "tone-info",
  "under-way": "tone-info",
  reviewed: "tone-violet",
  released: "tone-success",
  abandoned: "",
};

export const StateOf = ({ state }: { state: BatchState }) => (
  <span class={`chip ${TONES[state]}`}>{t(`batchState.${state}`)}</span>
);

/** A civil day in words. */
export const dayText = (day: string): string => formatDay(`${day}T04:00:00Z`);

/** The days of a window, one day once. */
export const windowText = (from: string, to: string): string =>
  from === to ? dayText(from) : t("batches.window", { from: dayText(from), to: dayText(to) });

/** The area of points, by the unit that answers for it; what no unit alone has is the county's. */
export const areaText = (code: string): string =>
  areas(reference.value?.units ?? []).find(([known]) => known === code)?.[1] ?? t("batches.countyArea", { code });
export const typeText = (code: string): string => localName(typeOf(code)) || code;
export const campaignText = (code: string): string =>
  localName(reference.value?.campaigns.find((one) => one.code === code)) || code;
