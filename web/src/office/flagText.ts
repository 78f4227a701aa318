// Flags as sentences. The service gives minutes and metres; people want readable units.
import type { OfficeIssue } from "../api/types";
import { formatDistance } from "../place/distance";
import { textIfKnown, t } from "../texts";
import { span } from "../time/countdown";

export type Flag = NonNullable<OfficeIssue["flags"]>[number];

const MINUTE = 60_000;
const DAY = 24 * 60 * MINUTE;
/** From here on, hours do not matter. */
const DAYS_ONLY_MS = 30 * DAY;
/** From here on, days do not matter, and a wrong clock is likelier than an old photo. */
const YEARS_MS = 400 * DAY;
const YEAR_MS = 365.25 * DAY;
/** Bits of a picture's fingerprint. Source: src/media/fingerprint.rs. */
const FINGERPRINT_BITS = 64;

/** A duration in one or two units that fit its size. */
export function formatRoughDuration(ms: number): string {
  if (ms >= YEARS_MS) return t("doubt.years", { years: Math.round(ms / YEAR_MS) });
  if (ms >= DAYS_ONLY_MS) return t("time.days", { days: Math.round(ms / DAY) });
  if (ms < MINUTE) return t("doubt.seconds", { seconds: Math.round(ms / 1000) });
  return span(ms);
}

/** Metres as measured, or kilometres where metres do not matter. */
export const formatMeasured = (metres: number): string =>
  metres < 1000 ? t("place.metres", { metres: Math.round(metres) }) : formatDistance(metres);

const percentAlike = (bits: number): number => Math.round(((FINGERPRINT_BITS - bits) / FINGERPRINT_BITS) * 100);

/** The figures in the service's own words, in their order; what a flag does not say is `undefined`. */
interface Said {
  flag: Flag;
  issueId: string;
  numbers: (number | undefined)[];
}
/**
 * What each flag says in a sentence with its figures, `null` where these are not as expected. A flag without figures
 * has no function, and its sentence is `doubt.*` of the texts.
 */
const SENTENCES: Record<Flag["code"], ((said: Said) => string | null) | null> = {
  "outside-geofence": ({ numbers: [away, radius, accuracy] }) => {
    if (away === undefined || radius === undefined) return null;
    const values = { distance: formatMeasured(away), radius: formatMeasured(radius) };
    return accuracy
      ? t("doubt.outside-geofence.about", { ...values, accuracy: formatMeasured(accuracy) })
      : t("doubt.outside-geofence", values);
  },
  "location-unknown": null,
  "clock-skew": ({ flag, numbers: [seconds] }) =>
    seconds === undefined
      ? null
      : t(flag.detail.startsWith("-") ? "doubt.clock-skew.behind" : "doubt.clock-skew", {
          span: formatRoughDuration(seconds * 1000),
        }),
  late: ({ numbers: [hours] }) =>
    hours === undefined
      ? null
      : t("doubt.late", { span: hours === 0 ? t("doubt.hour") : formatRoughDuration(hours * 60 * MINUTE) }),
  "handed-in": null,
  "view-missing": ({ flag }) => {
    const views = (["far", "near"] as const)
      .filter((view) => flag.detail.includes(view))
      .map((view) => t(`view.${view}`));
    return views.length === 0 ? null : t("doubt.view-missing", { views: views.join(t("doubt.and")) });
  },
  "photo-reused": ({ flag, issueId }) =>
    t(flag.refers_to?.issue_id === issueId ? "doubt.photo-reused.here" : "doubt.photo-reused"),
  "photo-similar": ({ flag, numbers: [bits] }) =>
    bits === undefined
      ? null
      : t(flag.detail.includes("mirrored") ? "doubt.photo-similar.mirrored" : "doubt.photo-similar", {
          percent: percentAlike(bits),
        }),
  "photo-time-differs": ({ numbers: [minutes] }) =>
    minutes === undefined
      ? null
      : t(minutes * MINUTE >= YEARS_MS ? "doubt.photo-time-differs.clock" : "doubt.photo-time-differs", {
          span: formatRoughDuration(minutes * MINUTE),
        }),
  "photo-place-differs": ({ numbers: [away] }) =>
    away === undefined ? null : t("doubt.photo-place-differs", { distance: formatMeasured(away) }),
  "photo-edited": ({ flag }) => (flag.detail === "" ? null : t("doubt.photo-edited", { program: flag.detail })),
  "photo-small": ({ numbers: [pixels] }) => (pixels === undefined ? null : t("doubt.photo-small", { pixels })),
  "photo-no-preview": ({ flag }) => (flag.detail === "" ? null : t("doubt.photo-no-preview", { kind: flag.detail })),
  "photo-unreadable": null,
  "permitted-zone": ({ flag }) => (flag.detail === "" ? null : t("doubt.permitted-zone", { policy: flag.detail })),
  "impossible-travel": ({ numbers: [speed, metres, seconds] }) =>
    speed === undefined || metres === undefined || seconds === undefined
      ? null
      : t("doubt.impossible-travel", {
          speed,
          distance: formatMeasured(metres),
          span: formatRoughDuration(seconds * 1000),
        }),
  "position-repeated": ({ flag }) => {
    const [, count, place] = /^(\d+): (.+)$/.exec(flag.detail) ?? [];
    return count === undefined || place === undefined ? null : t("doubt.position-repeated", { count, place });
  },
  "from-album": null,
  "fix-alike": ({ numbers: [bits] }) =>
    bits === undefined ? null : t("doubt.fix-alike", { percent: percentAlike(bits) }),
  "fix-unlike": ({ numbers: [bits] }) =>
    bits === undefined ? null : t("doubt.fix-unlike", { percent: percentAlike(bits) }),
  "closing-burst": ({ numbers: [count, minutes, metres] }) =>
    count === undefined || minutes === undefined || metres === undefined
      ? null
      : t("doubt.closing-burst", { count, minutes, distance: formatMeasured(metres) }),
  "nonce-missing": null,
  "nonce-unknown": null,
  "nonce-outdated": ({ flag, numbers: [figure, most] }) => {
    if (figure === undefined) return null;
    return flag.detail.startsWith("-")
      ? t("doubt.nonce-outdated.early", { span: formatRoughDuration(figure * MINUTE) })
      : most === undefined
        ? null
        : t("doubt.nonce-outdated", { hours: figure, most });
  },
  "nonce-reused": null,
  "desk-check": null,
};

/** The flag in a sentence, else by its name. A flag that only a newer service knows has neither, and is its code. */
export function flagText(flag: Flag, issueId: string): string {
  const numbers = (flag.detail.match(/\d+/g) ?? []).map(Number);
  const say = (SENTENCES as Partial<typeof SENTENCES>)[flag.code];
  return (say ? say({ flag, issueId, numbers }) : textIfKnown(`doubt.${flag.code}`)) ?? flagName(flag.code);
}

/** What a flag is called. Some only the office is told of; one that only a newer service knows is its code. */
export const flagName = (code: Flag["code"]): string =>
  textIfKnown(`officeFlag.${code}`) ?? textIfKnown(`flag.${code}`) ?? code;

export interface Doubt {
  code: Flag["code"];
  /** Without duplicates. */
  sentences: string[];
  /** Photos of this issue that it is about. */
  photoIds: string[];
  /** What it looks like: a photo of this issue, and the earlier one it refers to. */
  pairs: { photoId: string; earlier: NonNullable<Flag["refers_to"]> }[];
}

/** How many more matches the service found than it lists. */
function othersText(flags: Flag[]): string[] {
  const more = flags.flatMap((flag) => {
    const found = /(at least )?(\d+) more$/.exec(flag.detail);
    return found ? [found] : [];
  });
  if (more.length === 0) return [];
  const count = more.reduce((sum, [, , number]) => sum + Number(number), 0);
  return [t(more.some(([, atLeast]) => atLeast) ? "doubt.others.atLeast" : "doubt.others", { count })];
}

/** One entry for each flag code, in the order in which they were raised. A list of issues has only the codes. */
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
      sentences: [...new Set(flags.map((flag) => flagText(flag, issue.id))), ...othersText(flags)],
      photoIds: [...new Set(flags.flatMap((flag) => (flag.photo_id ? [flag.photo_id] : [])))],
      pairs: [...pairs.values()],
    };
  });
}
