// Every part of the app that the first screens do without. The build finds from these where files part
// (build/parts.mjs).
import type { Role } from "./api/types";
import { part } from "./ui/part";
import type { Part } from "./ui/part";

/** The first screens of the two who carry phones. */
export const inspector = part(() => import("./inspector/Inspector").then((module) => module.Inspector));
export const readers = part(() => import("./unit/Readers").then((module) => module.Readers));

export const account = part(() => import("./account/Account").then((module) => module.Account));
export const answer = part(() => import("./answer/AnswerPage").then((module) => module.AnswerPage));
export const changes = part(() => import("./answer/ChangesSince").then((module) => module.ChangesSince));
export const inspectorIssue = part(() =>
  import("./inspector/InspectorIssuePage").then((module) => module.InspectorIssue),
);
export const month = part(() => import("./unit/MonthPage").then((module) => module.MonthPage));
export const outbox = part(() => import("./outbox/OutboxPage").then((module) => module.OutboxPage));
export const point = part(() => import("./inspector/PointPage").then((module) => module.PointPage));
export const records = part(() => import("./inspector/RecordsPage").then((module) => module.RecordsPage));
export const report = part(() => import("./inspector/ReportPage").then((module) => module.ReportPage));
export const unitIssue = part(() => import("./unit/UnitIssuePage").then((module) => module.UnitIssue));

/** For a desk: large, and phones never load them. */
export const office = part(() => import("./office/Office").then((module) => module.Office));
export const settings = part(() => import("./office/settings/OfficeSettings").then((module) => module.OfficeSettings));

/** What is no page, and is as needed as one. */
const BESIDES = [
  () => import("./outbox/lease"),
  () => import("./outbox/edit"),
  () => import("./outbox/makeRoom"),
  () => import("./inspector/ReportHints"),
  () => import("./ui/PhotoViewer"),
  () => import("./draft/MarkEditor"),
  () => import("./upkeep/pictures"),
  () => import("./upkeep/tidy"),
  () => import("./outbox/inPieces"),
];
const FORMS: Pick<Part<never>, "bring">[] = [outbox, answer, changes, account];
/** What somebody may need where there is no network, what they come to first in front. */
const NEEDED_LATER: Partial<Record<Role, Pick<Part<never>, "bring">[]>> = {
  inspector: [report, inspectorIssue, ...FORMS, records, point],
  unit: [unitIssue, ...FORMS, month],
};

/**
 * Brings what that person will need next once the first screen stands; what fails is fetched when it is opened.
 * Returns how to stop it.
 */
export function fetchAhead(role: Role): () => void {
  let isWanted = true;
  const later = NEEDED_LATER[role] ?? [];
  void (async () => {
    const [first] = later;
    if (!first) return;
    await (role === "inspector" ? inspector : readers).bring().catch(() => undefined);
    // Two frames: the first screen is painted.
    await new Promise((resolve) => requestAnimationFrame(() => setTimeout(resolve)));
    for (const next of later) if (isWanted) await next.bring().catch(() => undefined);
    for (const besides of BESIDES) if (isWanted) await besides().catch(() => undefined);
  })();
  return () => {
    isWanted = false;
  };
}
