import { useEffect } from "preact/hooks";
import { readCalendar } from "../api/calendar";
import type { Calendar } from "../api/calendar";
import type { State } from "../api/types";
import { go, link, route } from "../router";
import { may } from "../session/session";
import { t } from "../texts";
import { formatMoment } from "../time/moment";
import { useCached } from "../ui/useCached";
import { Fetched, Notice } from "../ui/Notice";
import { Page } from "../ui/Page";
import { FiguresView, useFigures } from "./figures/FiguresView";
import { scopeOf } from "./figures/links";
import { listLink, STATES } from "./filters";
import { actionOf, isTyping, numberOf } from "./keys";
import { SetupNotice } from "./SetupNotice";
import { useQueueCounts } from "./queueCounts";
import type { QueueCounts } from "./queueCounts";
import { QUEUES } from "./queues";
import { Today, useToday } from "./Today";

/** What is to be done today, then how the last weeks went. Each figure leads to the issues that it counts. */
export function OverviewPage() {
  const waiting = useQueueCounts();
  const today = useToday();
  const scope = scopeOf(route.value.query);
  const figures = useFigures(scope);
  const calendar = useCached<Calendar>("calendar", readCalendar);
  useEffect(() => {
    function onKey(event: KeyboardEvent) {
      if (isTyping(event) || actionOf("overview", event) !== "decide") return;
      const queue = QUEUES[numberOf(event)];
      if (queue) go(`${link("queue")}?kind=${queue.kind}`);
    }
    addEventListener("keydown", onKey);
    return () => removeEventListener("keydown", onKey);
  }, []);
  return (
    <Page
      title={t("tab.overview")}
      isWide
      aside={
        <span class="wrap no-print">
          {may("read-months") ? (
            <a class="button" href={link("months")}>
              {t("office.months")}
            </a>
          ) : null}
          <a class="button" href={link("plans")}>
            {t("office.plans")}
          </a>
          <button
            type="button"
            class="button"
            onClick={() => {
              waiting.recount();
              today.recount();
              figures.reload();
            }}
          >
            {t("action.refresh")}
          </button>
        </span>
      }
    >
      <div class="stack-wide">
        {may("manage-reference") ? <SetupNotice /> : null}
        {calendar.body && calendar.body.unnamed_years.length > 0 ? (
          <Notice tone="warn">
            <p>
              {t("office.yearUnnamed", { years: calendar.body.unnamed_years.join(t("punctuation.comma")) })}{" "}
              <a href={link("settings", "calendar")}>{t("office.yearImport")}</a>
            </p>
          </Notice>
        ) : null}
        <Today waiting={waiting} today={today} />
        {may("manage-batches") ? (
          <nav class="card row-spread" aria-label={t("office.batches")}>
            <strong class="grow">{t("office.batches")}</strong>
            <a class="tap" href={link("batches")}>
              {t("office.toBatches")}
            </a>
            <a class="tap" href={link("visits")}>
              {t("office.visits")}
            </a>
            <a class="tap" href={link("draws")}>
              {t("office.draws")}
            </a>
          </nav>
        ) : null}
        <nav class="card row-spread" aria-label={t("office.follow")}>
          <strong class="grow">{t("office.follow")}</strong>
          <a class="tap" href={link("follow", "dispatch")}>
            {t("office.followDispatch")}
          </a>
          <a class="tap" href={link("follow", "cards")}>
            {t("office.followCards")}
          </a>
          <a class="tap" href={link("follow", "samples")}>
            {t("office.followSamples")}
          </a>
        </nav>
        <FiguresView of={figures} scope={scope} page="overview" isReader={false} />
        <States of={waiting.states} />
      </div>
    </Page>
  );
}

/** How many issues there are in each state. */
function States({ of: counts }: { of: QueueCounts["states"] }) {
  return (
    <Fetched of={counts}>
      {(body) => {
        const of = (state: State) => body.by_state[state] ?? 0;
        const most = Math.max(1, ...STATES.map(of));
        return (
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
            {counts.at === null ? null : <p class="meta">{t("office.countedAt", { at: formatMoment(counts.at) })}</p>}
          </section>
        );
      }}
    </Fetched>
  );
}
