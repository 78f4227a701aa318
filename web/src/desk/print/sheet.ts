// Which facts of an issue are printed. Paper gets into other hands, so it has exactly these facts, whoever prints it.
import type {
  OfficeIssue,
  PhotoStage,
  PhotoView,
  ReleasedIssue,
  Remedy,
  Severity,
  State,
  UnitIssue,
} from "../../api/types";
import { language, t } from "../../texts";
import { civil, formatClock, formatDay, formatMoment } from "../../time/moment";

/** The title of a paper, with the county that it is of, where somebody has said what it is called. */
export function paperTitle(title: string, county: string | undefined): string {
  if (!county) return title;
  return language.value === "en" ? `${title}, ${county}` : county + title;
}

/** An issue as any audience that prints may read it. */
export type Printable = OfficeIssue | ReleasedIssue | UnitIssue;

export interface SheetPhoto {
  id: string;
  view: PhotoView;
  hasPreview: boolean;
}

/** Nobody's name is in it but that of the unit's own person, and no time but the release and the deadline. */
export interface Sheet {
  id: string;
  number: string;
  state: State;
  severity: Severity;
  isUrgent: boolean;
  isOverdue: boolean;
  round: number;
  unitId: string | null;
  place: string;
  address: string;
  itemCode: string;
  description: string;
  releasedAt: string | null;
  dueAt: string | null;
  handler: string | null;
  measure: string | null;
  remedy: Remedy | null;
  found: SheetPhoto[];
  fix: SheetPhoto[];
}

/** Whether the unit knows of it: only then there is paper about it. The number is drawn at the release. */
export const isReleased = (issue: Pick<Printable, "number">): boolean => issue.number !== null;

/** The facts that paper says; `null` before the release. Photos of checks are left out: they tell of a visit. */
export function sheetOf(issue: Printable): Sheet | null {
  if (issue.number === null) return null;
  const photos = (stage: PhotoStage, round?: number): SheetPhoto[] =>
    issue.photos
      .filter((photo) => photo.stage === stage && (round === undefined || photo.round === round))
      .map((photo) => ({ id: photo.id, view: photo.view, hasPreview: photo.has_preview }));
  const rounds = issue.photos.filter((photo) => photo.stage === "fix").map((photo) => photo.round);
  return {
    id: issue.id,
    number: issue.number,
    state: issue.state,
    severity: issue.severity,
    isUrgent: issue.urgent,
    isOverdue: issue.overdue,
    round: issue.round,
    unitId: issue.unit_id,
    place: issue.point.name,
    address: issue.point.address,
    itemCode: issue.item_code,
    description: issue.description,
    releasedAt: issue.released_at,
    dueAt: issue.state === "hung" ? null : issue.due_at,
    handler: issue.handler,
    measure: issue.measure,
    remedy: issue.remedy,
    found: photos("found"),
    fix: photos("fix", Math.max(...rounds)),
  };
}

/** A day as paper says it, always with its year. */
export function paperDay(at: string | number): string {
  const words = formatDay(at);
  const year = String(civil(at).getUTCFullYear());
  if (words.includes(year)) return words;
  return language.value === "en" ? `${words} ${year}` : t("time.yearDay", { year, words });
}

/** A deadline with its year; midnight is the end of a day. */
export const paperDeadline = (at: string): string =>
  formatClock(at) === "00:00" ? `${paperDay(Date.parse(at) - 1)} 24:00` : `${paperDay(at)} ${formatClock(at)}`;

/** The shorter form of lists. */
export const listDeadline = (at: string): string =>
  formatClock(at) === "00:00" ? `${formatDay(Date.parse(at) - 1)} 24:00` : formatMoment(at);

/** The ids that an address names, each once, no more than `most`. */
export function idsIn(words: string, most: number): { ids: string[]; isCut: boolean } {
  const ids = [...new Set(words.split(",").filter(Boolean))];
  return { ids: ids.slice(0, most), isCut: ids.length > most };
}
