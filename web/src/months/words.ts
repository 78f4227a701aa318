// How figures of a month are written.
import { reference } from "../session/reference";
import { addTexts, t } from "../texts";
import { zhMonths } from "../texts/zh/months";
import { formatDay, formatDeadline } from "../time/moment";

export { monthText } from "../time/monthText";

addTexts(zhMonths, () => import("../texts/en/months").then((part) => part.enMonths));

/** A day, or an instant as a deadline. */
export const dateText = (at: string): string => (at.length === 10 ? formatDay(`${at}T04:00:00Z`) : formatDeadline(at));

/** Ranks gained or lost: short for the eye, whole for the ear. `null` without a rank last month. */
export function movedText(moved: number | null): { short: string; whole: string } {
  if (moved === null) return { short: "\u2013", whole: t("months.movedNone") };
  if (moved === 0) return { short: t("months.movedSame"), whole: t("months.movedSame") };
  const count = Math.abs(moved);
  return moved > 0
    ? { short: `\u25b2${count}`, whole: t("months.movedUp", { count }) }
    : { short: `\u25bc${count}`, whole: t("months.movedDown", { count }) };
}

/** A figure as part of its whole; a whole that is not shown to this reader leaves the part. */
export const shareText = ({ part, whole }: { part: string; whole: string | null }): string =>
  whole === null ? part : `${part} / ${whole}`;

/** What is `null` does not apply 不适用: it is neither 0 nor 100 %. */
export const orNone = (value: string | null): string => value ?? t("months.none");

/** Points that are taken away or added, with their sign. */
export const signed = (points: string, sign: "-" | "+" | "" = ""): string => {
  const number = Number(points);
  if (number === 0) return "0";
  if (sign === "-") return `\u2212${points}`;
  if (sign === "+") return `+${points}`;
  return number < 0 ? `\u2212${points.replace(/^[-\u2212]/, "")}` : `+${points}`;
};

/** In the county's own order of its units, as everywhere: the service's is arbitrary where nobody has a rank. */
export function byUnit<U extends { unit_id: string }>(units: U[]): U[] {
  const place = new Map(reference.value?.units.map(({ id }, at) => [id, at]));
  return [...units].sort((a, b) => (place.get(a.unit_id) ?? 0) - (place.get(b.unit_id) ?? 0));
}

/** The digits that two people compare aloud. */
export const shortDigest = (digest: string): string => `${digest.slice(0, 8)}\u2026${digest.slice(-4)}`;

/** An exact number, `9/20`, as a decimal where it has one of at most six digits; otherwise as it is. */
export function exactText(exact: string): string {
  const [above = "", below] = exact.split("/");
  if (below === undefined) return exact;
  const value = Number(above) / Number(below);
  const text = String(Number(value.toFixed(6)));
  return Math.abs(Number(text) * Number(below) - Number(above)) < 1e-9 ? text : exact;
}
