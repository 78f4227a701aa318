import { useEffect } from "preact/hooks";
import { listBatchEvents, readBatch } from "../../api/batches";
import type { Batch, BatchEvent } from "../../api/batches";
import { readCalendar } from "../../api/calendar";
import type { Calendar } from "../../api/calendar";
import { link } from "../../router";
import { t } from "../../texts";
import { Fetched } from "../../ui/Notice";
import { Page } from "../../ui/Page";
import { useCached } from "../../ui/useCached";
import { CoverMap } from "./CoverMap";
import { ForecastSection } from "./ForecastSection";
import { IssuesSection } from "./IssuesSection";
import { LiveSection } from "./LiveSection";
import { StateOf } from "./look";
import { Now } from "./Now";
import { PlanFacts } from "./PlanFacts";
import { RecordSection } from "./RecordSection";
import { STAGES, stageOf } from "./steps";
import { WindowCalendar } from "./WindowCalendar";

/** How often a batch that runs is read again although nobody changed it: slots end by the clock alone. */
const TICK_MS = 60_000;

/** A batch: how far it is, what is to be done and by whom, its plan, and later what came of it. */
export function BatchPage({ id }: { id: string }) {
  const batch = useCached<Batch>(`batches/${id}`, () => readBatch(id));
  const events = useCached<BatchEvent[]>(`batches/${id}/events`, () => listBatchEvents(id));
  const calendar = useCached<Calendar>("calendar", readCalendar);
  const isRunning = batch.body?.state === "drawn" || batch.body?.state === "under-way";
  useEffect(() => {
    if (!isRunning) return;
    const timer = setInterval(() => {
      if (document.visibilityState === "visible") batch.reload();
    }, TICK_MS);
    return () => clearInterval(timer);
  }, [isRunning]);
  const reload = () => {
    batch.reload();
    events.reload();
  };
  return (
    <Page
      title={batch.body?.plan.title ?? t("batches.title")}
      {...(batch.body ? { titleLang: "zh-CN" } : {})}
      back={link("batches")}
      isWide
      aside={
        batch.body?.state === "draft" ? (
          <a class="button" href={link("batches", id, "plan")}>
            {t("batches.amend")}
          </a>
        ) : null
      }
    >
      <Fetched of={batch} rows={6}>
        {(body) => (
          <div class="stack-wide">
            <section class="card stack" aria-labelledby="strip-title">
              <h2 id="strip-title" class="row">
                <span>{t("batches.state")}</span> <StateOf state={body.state} />
              </h2>
              <Strip batch={body} />
            </section>
            <Now batch={body} events={events.body ?? []} onChange={reload} />
            {body.drawn_at !== null && body.state !== "abandoned" ? <LiveSection batch={body} /> : null}
            {["under-way", "reviewed", "released"].includes(body.state) ? (
              <IssuesSection key={`${body.version} ${body.unreviewed_reports} ${body.visited}`} batch={body} />
            ) : null}
            {["draft", "proposed", "approved"].includes(body.state) ? (
              <ForecastSection key={body.version} id={body.id} />
            ) : null}
            <div class="batch-desk">
              <div class="stack">
                <PlanFacts batch={body} />
                <Fetched of={events}>{(all) => <RecordSection events={all} />}</Fetched>
              </div>
              <div class="stack">
                <section class="card stack" aria-labelledby="window-title">
                  <h2 id="window-title">{t("planForm.window")}</h2>
                  <Fetched of={calendar}>
                    {(days) => (
                      <WindowCalendar
                        from={body.plan.window_from}
                        to={body.plan.window_to}
                        slots={body.plan.rules.slots}
                        calendar={days}
                      />
                    )}
                  </Fetched>
                </section>
                <section class="card stack" aria-labelledby="cover-title">
                  <h2 id="cover-title">{t("planForm.covered")}</h2>
                  <CoverMap plan={body.plan} />
                </section>
              </div>
            </div>
          </div>
        )}
      </Fetched>
    </Page>
  );
}

/** From the plan to the release. */
function Strip({ batch }: { batch: Batch }) {
  const now = stageOf(batch);
  const at = batch.state === "abandoned" ? -1 : now === null ? STAGES.length : STAGES.indexOf(now);
  return (
    <ol class="steps batch-strip" aria-label={t("batches.strip")}>
      {STAGES.map((stage, place) => (
        <li key={stage} class={place < at ? "past" : ""} aria-current={place === at ? "step" : undefined}>
          {t(`batchStage.${stage}`)}
          {place < at ? <span class="visually-hidden">{t("batches.past")}</span> : null}
        </li>
      ))}
    </ol>
  );
}
