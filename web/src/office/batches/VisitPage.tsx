import { readVisit } from "../../api/officeVisits";
import type { OfficeVisit } from "../../api/officeVisits";
import { formatDistance } from "../../place/distance";
import { link } from "../../router";
import { itemOf, placeOf } from "../../session/reference";
import { localTitle, t } from "../../texts";
import { formatClock, formatDay, formatMoment } from "../../time/moment";
import { Fetched, Notice } from "../../ui/Notice";
import { Page } from "../../ui/Page";
import { Picture } from "../../ui/Picture";
import { useCached } from "../../ui/useCached";
import { typeText } from "./look";
import { awayOf, byNeed, doubtsOf, observedPercent, SHARES } from "./visits";

const TONES = { conforms: "tone-success", mostly: "tone-warn", fails: "tone-danger", "not-applicable": "" } as const;

/** A visit: what was seen, the point's score with its rows, and what somebody should look at twice. */
export function VisitPage({ id }: { id: string }) {
  const visit = useCached<OfficeVisit>(`visits/${id}`, () => readVisit(id));
  return (
    <Page
      title={visit.body?.point.name ?? t("visits.one")}
      {...(visit.body ? { titleLang: "zh-CN" } : {})}
      back={link("visits")}
      isWide
    >
      <Fetched of={visit} rows={6}>
        {(body) => (
          <div class="stack">
            <Doubts visit={body} />
            <div class="batch-desk">
              <Facts visit={body} />
              <Score visit={body} />
            </div>
            <Results visit={body} />
          </div>
        )}
      </Fetched>
    </Page>
  );
}

function Doubts({ visit }: { visit: OfficeVisit }) {
  const place = placeOf(visit.point.id);
  const found = doubtsOf(visit, place);
  if (found.length === 0) return null;
  const away = awayOf(visit.location, place);
  return (
    <Notice tone="warn">
      <p>{t("visits.doubts")}</p>
      <ul>
        {found.map((doubt) => (
          <li key={doubt}>
            {t(`visitDoubt.${doubt}`, {
              seconds: visit.clock_set_back_seconds ?? 0,
              distance: away === null ? "" : formatDistance(away),
              radius: place?.radius_m ?? 0,
              count: visit.missing_photos.length,
              percent: observedPercent(visit.score),
              items: visit.results.length,
            })}
          </li>
        ))}
      </ul>
    </Notice>
  );
}

/** From when to when; a visit hardly ever goes past midnight. */
const spanText = (from: string, to: string): string =>
  t("visits.fromTo", {
    from: formatMoment(from),
    to: formatDay(from) === formatDay(to) ? formatClock(to) : formatMoment(to),
  });

function Facts({ visit }: { visit: OfficeVisit }) {
  const away = awayOf(visit.location, placeOf(visit.point.id));
  return (
    <section class="card stack" aria-labelledby="visit-facts">
      <h2 id="visit-facts">{t("visits.one")}</h2>
      <dl class="facts">
        <dt>{t("visits.point")}</dt>
        <dd lang="zh-CN">
          <a href={`${link("visits")}?point=${visit.point.id}`}>{visit.point.name}</a> {typeText(visit.point.type)}
        </dd>
        <dt>{t("visits.kind")}</dt>
        <dd>
          {visit.task === null ? (
            t("visits.sudden")
          ) : (
            <a href={link("batches", visit.task.batch_id)}>{t("visits.taskOf", { number: visit.task.number })}</a>
          )}
        </dd>
        <dt class="no-print">{t("visits.who")}</dt>
        <dd class="no-print" lang="zh-CN">
          {visit.code_name ?? visit.inspector.display_name}
        </dd>
        <dt>{t("visits.when")}</dt>
        <dd>{spanText(visit.began_at, visit.ended_at)}</dd>
        <dt>{t("visits.received")}</dt>
        <dd>{formatMoment(visit.received_at)}</dd>
        <dt>{t("visits.position")}</dt>
        <dd>{away === null ? t("visits.noPosition") : t("visits.away", { distance: formatDistance(away) })}</dd>
        <dt>{t("visits.counts")}</dt>
        <dd>{t(visit.counts ? "visits.countsYes" : "visits.countsNot")}</dd>
        {visit.awareness === null ? null : (
          <>
            <dt>{t("visits.awareness")}</dt>
            <dd>{t("visits.awarenessOf", { percent: visit.awareness, people: visit.interviews.length })}</dd>
          </>
        )}
      </dl>
    </section>
  );
}

function Score({ visit: { score } }: { visit: OfficeVisit }) {
  return (
    <section class="card stack" aria-labelledby="visit-score">
      <h2 id="visit-score">{t("visits.score")}</h2>
      <p>
        {score.value === null ? (
          <strong class="text-warn">{t("visits.invalid", { percent: observedPercent(score) })}</strong>
        ) : (
          <>
            <span class="figure">{score.value}</span> <span class="meta">{t("visits.points")}</span>
          </>
        )}
      </p>
      <p>
        {t("visits.observed", {
          observed: score.observed_weight,
          total: score.total_weight,
          percent: observedPercent(score),
        })}
      </p>
      {score.vetoed_by.length > 0 ? (
        <p class="text-danger">
          {t("visits.vetoed", {
            items: score.vetoed_by.map((code) => localTitle(itemOf(code)) || code).join(t("batches.and")),
          })}
        </p>
      ) : null}
      <p class="meta">{t("visits.formula")}</p>
    </section>
  );
}

function Results({ visit }: { visit: OfficeVisit }) {
  return (
    <section class="card stack" aria-labelledby="visit-results">
      <h2 id="visit-results">{t("visits.resultsOf", { count: visit.results.length })}</h2>
      <table class="batch-table batch-table-dense">
        <caption class="visually-hidden">{t("visits.results")}</caption>
        <thead>
          <tr>
            <th scope="col">{t("visits.item")}</th>
            <th scope="col">{t("visits.result")}</th>
            <th scope="col">{t("visits.weight")}</th>
            <th scope="col">{t("visits.share")}</th>
            <th scope="col">{t("visits.found")}</th>
          </tr>
        </thead>
        <tbody>
          {byNeed(visit.results).map((seen) => {
            const item = itemOf(seen.item_code);
            return (
              <tr key={seen.item_code}>
                <td>
                  <span lang="zh-CN">{localTitle(item) || seen.item_code}</span>{" "}
                  <span class="caption">{seen.item_code}</span>{" "}
                  {item?.veto ? (
                    <span class={`chip ${seen.result === "fails" ? "tone-danger" : ""}`}>{t("visits.veto")}</span>
                  ) : null}
                </td>
                <td data-label={t("visits.result")}>
                  <span class={`chip ${TONES[seen.result]}`}>{t(`visitResult.${seen.result}`)}</span>
                </td>
                <td data-label={t("visits.weight")}>{item?.weight ?? "–"}</td>
                <td data-label={t("visits.share")}>{SHARES[seen.result]}</td>
                <td
                  data-label={t("visits.found")}
                  class={seen.note === "" && seen.issue_id === null && seen.photo_ids.length === 0 ? "batch-none" : ""}
                >
                  {seen.note === "" ? null : (
                    <span class="batch-line" lang="zh-CN">
                      {seen.note}
                    </span>
                  )}
                  {seen.issue_id === null ? null : (
                    <a class="batch-line" href={link("issue", seen.issue_id)}>
                      {t("visits.toIssue")}
                    </a>
                  )}
                  {seen.photo_ids.length > 0 ? (
                    <span class="visit-photos">
                      {seen.photo_ids.map((photo, at) =>
                        visit.missing_photos.includes(photo) ? (
                          <span class="meta" key={photo}>
                            {t("photo.onItsWay")}
                          </span>
                        ) : (
                          <Picture key={photo} id={photo} variant="thumb" alt={t("visits.photo", { number: at + 1 })} />
                        ),
                      )}
                    </span>
                  ) : null}
                  {seen.note === "" && seen.issue_id === null && seen.photo_ids.length === 0 ? "–" : null}
                </td>
              </tr>
            );
          })}
        </tbody>
      </table>
    </section>
  );
}
