import { readCalendar } from "../api/calendar";
import type { Calendar } from "../api/calendar";
import { countIssues } from "../api/counts";
import { issueQuery } from "../api/query";
import type { Counts, State } from "../api/types";
import { link } from "../router";
import { t } from "../texts";
import { formatMoment } from "../time/moment";
import { useCached } from "../ui/useCached";
import { Fetched, Notice } from "../ui/Notice";
import { Page } from "../ui/Page";
import { listLink, STATES } from "./filters";
import { useQueueCounts } from "./queueCounts";
import { QUEUES } from "./queues";

/** Figures of the present situation. Each leads to the issues it counts. */
export function OverviewPage() {
  const { states: counts, counts: waiting, recount } = useQueueCounts();
  const flagged = useCached<Counts>("counts/flagged", () => countIssues(issueQuery({ flagged: true })));
  const calendar = useCached<Calendar>("calendar", readCalendar);
  return (
    <Page
      title={t("tab.overview")}
      isWide
      aside={
        <button
          type="button"
          class="button"
          onClick={() => {
            recount();
            flagged.reload();
          }}
        >
          {t("action.refresh")}
        </button>
      }
    >
      <Fetched of={counts}>
        {(body) => {
          const of = (state: State) => body.by_state[state] ?? 0;
          const most = Math.max(1, ...STATES.map(of));
          return (
            <div class="stack-wide">
              {calendar.body && calendar.body.unnamed_years.length > 0 ? (
                <Notice tone="warn">
                  <p>
                    {t("office.yearUnnamed", { years: calendar.body.unnamed_years.join(t("punctuation.comma")) })}{" "}
                    <a href={link("settings", "calendar")}>{t("office.yearImport")}</a>
                  </p>
                </Notice>
              ) : null}
              <ul class="figures">
                {QUEUES.map((queue) => (
                  <li key={queue.kind}>
                    <a class="card figure-card" href={`${link("queue")}?kind=${queue.kind}`}>
                      <span class="figure">{waiting[queue.kind] ?? "\u2026"}</span>
                      <span>{t(`queue.${queue.kind}`)}</span>
                    </a>
                  </li>
                ))}
                <li>
                  <a class="card figure-card" href={listLink({ overdue: "true", sort: "due_at" })}>
                    <span class={`figure ${body.overdue > 0 ? "text-danger" : ""}`}>{body.overdue}</span>
                    <span>{t("office.overdue")}</span>
                  </a>
                </li>
                <li>
                  <a class="card figure-card" href={listLink({ flagged: "true" })}>
                    <span class="figure">{flagged.body?.total ?? "\u2026"}</span>
                    <span>{t("office.flagged")}</span>
                  </a>
                </li>
              </ul>
              <section class="card stack" aria-labelledby="states-title">
                <h2 id="states-title">
                  {t("office.byState")} <span class="meta">{t("office.total", { count: body.total })}</span>
                </h2>
                <ul class="bars">
                  {STATES.filter((state) => of(state) > 0).map((state) => (
                    <li key={state}>
                      <a href={listLink({ state })}>
                        <span class="bars-name">{t(`issue.${state}`)}</span>
                        <span class="bars-track">
                          <span class="bars-fill" style={{ width: `${(of(state) / most) * 100}%` }} />
                        </span>
                        <span class="bars-count">{of(state)}</span>
                      </a>
                    </li>
                  ))}
                </ul>
              </section>
              {counts.at === null ? null : <p class="meta">{t("office.countedAt", { at: formatMoment(counts.at) })}</p>}
            </div>
          );
        }}
      </Fetched>
    </Page>
  );
}
