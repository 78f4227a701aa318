import { countComplaints } from "../api/complaints";
import { countIssues } from "../api/counts";
import { readVacancies } from "../api/pointHeads";
import { issueQuery } from "../api/query";
import type { Counts } from "../api/types";
import { link } from "../router";
import { may } from "../session/session";
import { statesIn } from "../states";
import { t } from "../texts";
import { civilDay } from "../time/civil";
import { serverNow } from "../time/moment";
import { useCached } from "../ui/useCached";
import type { Cached } from "../ui/useCached";
import { IN_HAND, listLink } from "./filters";
import { Key } from "./Key";
import type { QueueCounts } from "./queueCounts";
import { QUEUES } from "./queues";

const DAY_MS = 24 * 3_600_000;

interface Asked {
  dueToday: Cached<Counts>;
  flagged: Cached<Counts>;
  reminded: Cached<Counts>;
  complaints: Cached<{ open: number }>;
  /** Months in which this person has a step to take. */
  months: Cached<number>;
  /** Batches that wait for this person. */
  batches: Cached<number>;
  /** Points that have had no head for longer than they may. */
  headless: Cached<number>;
}

/** What units have to fix by the end of this day of the county. */
export function dueOn(now: number): { state: string; due_from: string; due_to: string } {
  return { state: statesIn("owed").join(","), due_from: civilDay(now), due_to: civilDay(now + DAY_MS) };
}

export function useToday(): Asked & { recount: () => void } {
  const due = issueQuery(dueOn(serverNow()));
  const reminded = issueQuery({ state: IN_HAND.join(","), reminded_min: 2 });
  const mayAnswer = may("answer-complaint");
  const asked: Asked = {
    dueToday: useCached<Counts>(`counts?${due}`, () => countIssues(due)),
    flagged: useCached<Counts>("counts/flagged", () => countIssues(issueQuery({ flagged: true }))),
    reminded: useCached<Counts>("counts/reminded", () => countIssues(reminded)),
    complaints: useCached<{ open: number }>(`complaints/open/${mayAnswer}`, async () =>
      mayAnswer ? countComplaints() : { open: 0 },
    ),
    months: useCached("months/waiting", async () => {
      if (!may("manage-months")) return 0;
      return (await import("../months/waiting")).monthsWaiting();
    }),
    batches: useCached("batches/waiting", async () => {
      if (!may("manage-batches")) return 0;
      return (await import("./batches/waiting")).batchesWaiting();
    }),
    headless: useCached("heads/overdue", async () =>
      may("manage-point-heads") ? (await readVacancies(null)).overdue : 0,
    ),
  };
  return {
    ...asked,
    recount: () => {
      for (const one of Object.values(asked) as Cached<unknown>[]) one.reload();
    },
  };
}

const UNKNOWN = "\u2026";

/** What waits for the office, each with its key, and what units have to be reminded of. */
export function Today({ waiting, today }: { waiting: QueueCounts; today: Asked }) {
  const { complaints } = today;
  const card = (href: string, count: number | string, words: string, isLate = false) => (
    <li key={href}>
      <a class="card card-tight figure-card" href={href}>
        <span class={`figure ${isLate && count !== 0 && count !== UNKNOWN ? "text-danger" : ""}`}>{count}</span>
        <span>{words}</span>
      </a>
    </li>
  );
  return (
    <section class="stack" aria-labelledby="today-title">
      <h2 id="today-title">{t("today.title")}</h2>
      <ul class="figures" aria-label={t("today.queues")}>
        {QUEUES.map((queue, at) => (
          <li key={queue.kind}>
            <a
              class="card card-tight figure-card"
              href={`${link("queue")}?kind=${queue.kind}`}
              aria-keyshortcuts={String(at + 1)}
            >
              <span class="figure">{waiting.counts[queue.kind] ?? UNKNOWN}</span>
              <span>
                {t(`queue.${queue.kind}`)} <Key of={String(at + 1)} />
              </span>
            </a>
          </li>
        ))}
      </ul>
      <ul class="figures" aria-label={t("today.units")}>
        {card(
          listLink({ ...dueOn(serverNow()), sort: "due_at" }),
          today.dueToday.body?.total ?? UNKNOWN,
          t("today.due"),
        )}
        {card(
          listLink({ overdue: "true", sort: "due_at" }),
          waiting.states.body?.overdue ?? UNKNOWN,
          t("office.overdue"),
          true,
        )}
        {card(
          listLink({ state: IN_HAND.join(","), reminded_min: "2", sort: "due_at" }),
          today.reminded.body?.total ?? UNKNOWN,
          t("list.remindedTwice"),
        )}
        {card(listLink({ flagged: "true" }), today.flagged.body?.total ?? UNKNOWN, t("office.flagged"))}
        {may("manage-batches") ? card(link("batches"), today.batches.body ?? UNKNOWN, t("today.batches")) : null}
        {may("manage-months") ? card(link("months"), today.months.body ?? UNKNOWN, t("today.months")) : null}
        {today.headless.body ? card(link("plans", "heads"), today.headless.body, t("today.headless"), true) : null}
        {may("answer-complaint")
          ? card(link("settings", "complaints"), complaints.body?.open ?? UNKNOWN, t("today.complaints"))
          : null}
      </ul>
    </section>
  );
}
