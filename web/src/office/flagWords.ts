// What a doubt says, as a sentence: the service measures in minutes and metres, people do not.
import type { OfficeIssue } from "../api/types";
import { distanceWords } from "../place/distance";
import { knownWords, t } from "../texts";
import { span } from "../time/countdown";

export type Flag = NonNullable<OfficeIssue["flags"]>[number];

const MINUTE = 60_000;
const DAY = 24 * 60 * MINUTE;
/** From here on hours are noise. */
const DAYS_ONLY_MS = 30 * DAY;
/** From here on days are noise, and a clock that was never set is likelier than an old photo. */
const YEARS_MS = 400 * DAY;
const YEAR_MS = 365.25 * DAY;
/** Bits of a picture's fingerprint. Source: src/media/fingerprint.rs. */
const FINGERPRINT_BITS = 64;

/** How long, in one or two units that fit its size. */
export function roughSpan(ms: number): string {
  if (ms >= YEARS_MS) return t("doubt.years", { years: Math.round(ms / YEAR_MS) });
  if (ms >= DAYS_ONLY_MS) return t("time.days", { days: Math.round(ms / DAY) });
  if (ms < MINUTE) return t("doubt.seconds", { seconds: Math.round(ms / 1000) });
  return span(ms);
}

/** Metres as they were measured, kilometres where metres are noise. */
export const measured = (metres: number): string =>
  metres < 1000 ? t("place.metres", { metres: Math.round(metres) }) : distanceWords(metres);

/** The doubt in words. Figures that are not as expected are left out, never shown raw. */
export function flagWords(flag: Flag, issueId: string): string {
  const plain = () => knownWords(`doubt.${flag.code}`) ?? t(`flag.${flag.code}`);
  const numbers = (flag.detail.match(/\d+/g) ?? []).map(Number);
  const [one, two, three] = numbers;
  switch (flag.code) {
    case "outside-geofence":
      if (one === undefined || two === undefined) return t("flag.outside-geofence");
      return three
        ? t("doubt.outside-geofence.about", {
            distance: measured(one),
            radius: measured(two),
            accuracy: measured(three),
          })
        : t("doubt.outside-geofence", { distance: measured(one), radius: measured(two) });
    case "clock-skew":
      return one === undefined ? t("flag.clock-skew") : t("doubt.clock-skew", { span: roughSpan(one * 1000) });
    case "late":
      return one === undefined
        ? t("flag.late")
        : t("doubt.late", { span: one === 0 ? t("doubt.hour") : roughSpan(one * 60 * MINUTE) });
    case "view-missing": {
      const views = ["far", "near"]
        .filter((view) => flag.detail.includes(view))
        .map((view) => t(`view.${view as "far"}`));
      return views.length === 0
        ? t("flag.view-missing")
        : t("doubt.view-missing", { views: views.join(t("doubt.and")) });
    }
    case "photo-time-differs":
      if (one === undefined) return t("flag.photo-time-differs");
      return t(one * MINUTE >= YEARS_MS ? "doubt.photo-time-differs.clock" : "doubt.photo-time-differs", {
        span: roughSpan(one * MINUTE),
      });
    case "photo-place-differs":
      return one === undefined
        ? t("flag.photo-place-differs")
        : t("doubt.photo-place-differs", { distance: measured(one) });
    case "photo-small":
      return one === undefined ? t("flag.photo-small") : t("doubt.photo-small", { pixels: one });
    case "photo-edited":
      return flag.detail === "" ? t("flag.photo-edited") : t("doubt.photo-edited", { program: flag.detail });
    case "photo-no-preview":
      return flag.detail === "" ? t("flag.photo-no-preview") : t("doubt.photo-no-preview", { kind: flag.detail });
    case "photo-similar":
      return one === undefined
        ? t("flag.photo-similar")
        : t(flag.detail.includes("mirrored") ? "doubt.photo-similar.mirrored" : "doubt.photo-similar", {
            percent: Math.round(((FINGERPRINT_BITS - one) / FINGERPRINT_BITS) * 100),
          });
    case "photo-reused":
      return t(flag.refers_to?.issue_id === issueId ? "doubt.photo-reused.here" : "doubt.photo-reused");
    default:
      return plain();
  }
}

export interface Doubt {
  code: Flag["code"];
  /** Each once. */
  sentences: string[];
  /** Photos of this issue that it is about. */
  photoIds: string[];
  /** What it looks like: a photo of this issue, and the earlier one it refers to. */
  pairs: { photoId: string; earlier: NonNullable<Flag["refers_to"]> }[];
}

/** How many more photos a doubt says it found, of which only the nearest are told. */
function othersWords(flags: Flag[]): string[] {
  const more = flags.flatMap((flag) => {
    const found = /(at least )?(\d+) more$/.exec(flag.detail);
    return found ? [found] : [];
  });
  if (more.length === 0) return [];
  const count = more.reduce((sum, [, , number]) => sum + Number(number), 0);
  return [t(more.some(([, atLeast]) => atLeast) ? "doubt.others.atLeast" : "doubt.others", { count })];
}

/** One entry for each kind of doubt, in the order in which they were raised. What came with a list tells kinds only. */
export function doubtsOf(issue: Pick<OfficeIssue, "id" | "flags" | "flag_codes">): Doubt[] {
  const all: Flag[] = issue.flags ?? issue.flag_codes.map((code) => ({ code, detail: "" }));
  return [...new Set(all.map((flag) => flag.code))].map((code) => {
    const flags = all.filter((flag) => flag.code === code);
    const pairs = new Map<string, Doubt["pairs"][number]>();
    for (const { photo_id, refers_to } of flags) {
      if (photo_id && refers_to)
        pairs.set(`${photo_id}/${refers_to.photo_id}/${refers_to.issue_id}`, { photoId: photo_id, earlier: refers_to });
    }
    return {
      code,
      sentences: [...new Set(flags.map((flag) => flagWords(flag, issue.id))), ...othersWords(flags)],
      photoIds: [...new Set(flags.flatMap((flag) => (flag.photo_id ? [flag.photo_id] : [])))],
      pairs: [...pairs.values()],
    };
  });
}
