// Every part of the app that the first screens can do without. The build cuts its files along them (build/parts.ts).
import { part } from "./ui/part";
import type { AnyPart } from "./ui/part";

/** The first screens on phones. */
export const inspector = part(() => import("./inspector/InspectorPages").then((module) => module.InspectorPages));
export const unitPages = part(() => import("./unit/UnitPages").then((module) => module.UnitPages));

export const account = part(() => import("./account/AccountPages").then((module) => module.AccountPages));
export const answer = part(() => import("./answer/AnswerPage").then((module) => module.AnswerPage));
export const changes = part(() => import("./answer/ChangesSince").then((module) => module.ChangesSince));
export const inspectorIssue = part(() =>
  import("./inspector/InspectorIssuePage").then((module) => module.InspectorIssue),
);
export const unitCards = part(() => import("./unit/CardsPage").then((module) => module.CardsPage));
export const month = part(() => import("./unit/MonthPage").then((module) => module.MonthPage));
/** The months 月评, for whoever may read one. */
export const months = part(() => import("./months/MonthsPages").then((module) => module.MonthsPages));
export const notices = part(() => import("./notices/NoticesPage").then((module) => module.NoticesPage));
export const outbox = part(() => import("./outbox/OutboxPage").then((module) => module.OutboxPage));
export const point = part(() => import("./inspector/PointPage").then((module) => module.PointPage));
export const records = part(() => import("./inspector/RecordsPage").then((module) => module.RecordsPage));
/** Visits: the tasks, the form, what was saved. */
export const visits = part(() => import("./visits/VisitPages").then((module) => module.VisitPages));
export const report = part(() => import("./inspector/ReportPage").then((module) => module.ReportPage));
/** A unit's pages on a wide screen, and on paper at any width. */
export const unitDesk = part(() => import("./desk/UnitDesk").then((module) => module.UnitDesk));
export const unitIssue = part(() => import("./unit/UnitIssuePage").then((module) => module.UnitIssue));

/** Large, and never loaded by the phones of those who find and fix; `reader` is of those who only read. */
export const office = part(() => import("./office/OfficePages").then((module) => module.OfficePages));
export const desk = part(() => import("./office/DeskPages").then((module) => module.DeskPages));
/** Where to improve next: of the office, and of leaders. */
export const plans = part(() => import("./office/plans/PlansPage").then((module) => module.PlansPage));
export const reader = part(() => import("./office/reader/ReaderPages").then((module) => module.ReaderPages));
export const settings = part(() => import("./office/settings/SettingsPages").then((module) => module.SettingsPages));

/** Modules that are no pages, but needed offline as much as pages are. */
const MODULES = [
  () => import("./outbox/edit"),
  () => import("./outbox/freeSpace"),
  () => import("./inspector/ReportHints"),
  () => import("./ui/PhotoViewer"),
  () => import("./draft/MarkEditor"),
  () => import("./upkeep/pictures"),
  () => import("./upkeep/cleanUp"),
  () => import("./outbox/lease"),
  () => import("./outbox/refusal"),
  () => import("./outbox/inPieces"),
  () => import("./outbox/putVisit"),
];

/**
 * Fetches `ahead` and the modules above, which a desk can do without, once the first screen is painted, one after the
 * other. What fails here is fetched again when it is opened. Returns a function that stops it.
 */
export function fetchAhead(first: AnyPart, ahead: AnyPart[]): () => void {
  let isWanted = ahead.length > 0;
  void (async () => {
    if (!isWanted) return;
    await first.load().catch(() => undefined);
    // After two frames the first screen is painted.
    await new Promise((resolve) => requestAnimationFrame(() => setTimeout(resolve)));
    const live = () => import("./session/live");
    for (const load of [live, ...ahead.map((next) => next.load), ...(first === office ? [] : MODULES)]) {
      if (isWanted) await load().catch(() => undefined);
    }
  })();
  return () => {
    isWanted = false;
  };
}
