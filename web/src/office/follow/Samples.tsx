import { useState } from "preact/hooks";
import { asFailure } from "../../api/failure";
import type { Failure } from "../../api/failure";
import { drawSample, listSamples } from "../../api/followUp";
import type { Sample } from "../../api/followUp";
import type { Page as Paged } from "../../api/types";
import { link } from "../../router";
import { t } from "../../texts";
import { civilDay } from "../../time/civil";
import { formatDay, formatMoment, serverNow } from "../../time/moment";
import { monthText } from "../../time/monthText";
import { ConfirmButton } from "../../ui/ConfirmButton";
import { Empty, FailureNotice, Fetched, Notice } from "../../ui/Notice";
import { useCached } from "../../ui/useCached";

/** Look-back samples, and the drawing of this month's. */
export function Samples() {
  const samples = useCached<Paged<Sample>>("look-back-samples", listSamples);
  const [failure, setFailure] = useState<Failure | null>(null);
  const [done, setDone] = useState<Sample | null>(null);
  const month = civilDay(serverNow()).slice(0, 7);
  async function draw() {
    setFailure(null);
    try {
      setDone(await drawSample(month));
      samples.reload();
    } catch (cause) {
      setFailure(asFailure(cause));
    }
  }
  return (
    <div class="stack">
      <p class="meta">{t("follow.sample.intro")}</p>
      {done ? (
        <Notice tone="success" role="status">
          <p>{t("follow.sample.done", { drawn: done.drawn, population: done.population })}</p>
        </Notice>
      ) : null}
      {failure ? <FailureNotice failure={failure} /> : null}
      <Fetched of={samples}>
        {({ items }) => {
          const isDrawn = items.some((sample) => sample.kind === "monthly" && sample.period === month);
          return (
            <div class="stack">
              {isDrawn ? null : (
                <section class="card row-spread">
                  <p class="grow">{t("follow.sample.notDrawn", { month: monthText(month) })}</p>
                  <ConfirmButton
                    label={t("follow.sample.draw")}
                    question={t("follow.sample.sure")}
                    onConfirm={() => void draw()}
                  />
                </section>
              )}
              {items.length === 0 ? (
                <Empty>{t("follow.sample.none")}</Empty>
              ) : (
                <ul class="stack cards">
                  {items.map((sample) => (
                    <li key={sample.id}>
                      <section class="card stack-tight">
                        <p>
                          <a href={link("follow", "samples", sample.id)}>{sampleTitle(sample)}</a>
                        </p>
                        <p>{sampleSum(sample)}</p>
                        <p class="meta">
                          {t("follow.sample.drawnBy", {
                            who: sample.drawn_by ?? t("follow.service"),
                            at: formatMoment(sample.drawn_at),
                          })}
                        </p>
                      </section>
                    </li>
                  ))}
                </ul>
              )}
            </div>
          );
        }}
      </Fetched>
    </div>
  );
}

/** What it is a sample of: a month, or a day. */
export const sampleTitle = ({ kind, period }: Pick<Sample, "kind" | "period">): string =>
  `${period.length === 7 ? monthText(period) : formatDay(period)}${t("punctuation.dot")}${t(`follow.kind.${kind}`)}`;

/** How far a sample is. */
export const sampleSum = (sample: Sample): string =>
  t("follow.sample.sum", {
    population: sample.population,
    drawn: sample.drawn,
    given: sample.given,
    waiting: sample.waiting,
    missing: sample.not_given,
  });
