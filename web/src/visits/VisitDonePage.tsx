import { useEffect } from "preact/hooks";
import type { ItemResult } from "../api/types";
import { keysOf } from "../keysOf";
import { drain, entries } from "../outbox/drain";
import type { VisitEntry } from "../outbox/entry";
import { SavedNotice } from "../outbox/SavedNotice";
import { link } from "../router";
import { itemOf } from "../session/reference";
import { faultTitle, t } from "../texts";
import { formatClock, formatMoment } from "../time/moment";
import { Notice } from "../ui/Notice";
import { Page } from "../ui/Page";
import { SeverityChip } from "../ui/StateChip";
import { RESULTS } from "./checklist";

/** What was saved of a visit, and what has become of it: no score, which could colour the next one. */
export function VisitDonePage({ id }: { id: string }) {
  useEffect(() => void drain(), []);
  const entry = entries.value.find((one): one is VisitEntry => one.id === id && one.kind === "visit");
  return (
    <Page
      title={t("visit.title")}
      back={link("points")}
      actions={
        <>
          <a class="button" href={link("outbox")}>
            {t("tab.outbox")}
          </a>
          <a class="button button-primary" href={link("points")}>
            {t("visit.toTasks")}
          </a>
        </>
      }
    >
      <div class="stack">
        <SavedNotice key={id} id={id} waiting={t("outbox.savedWaiting")} />
        {entry ? <Facts entry={entry} /> : null}
      </div>
    </Page>
  );
}

function Facts({ entry: { body, title } }: { entry: VisitEntry }) {
  const counts = keysOf(RESULTS).map((result): [ItemResult, number] => [
    result,
    body.results.filter((one) => one.result === result).length,
  ]);
  const found = body.results.flatMap(({ item_code, issue }) => (issue ? [{ code: item_code, issue }] : []));
  return (
    <>
      {found.length === 0 ? (
        <Notice tone="success">
          <p>
            <strong>{t("visit.nothingFound")}</strong>
          </p>
          <p class="meta">{t("visit.nothingFoundHint")}</p>
        </Notice>
      ) : null}
      <div class="card stack">
        <h2 lang="zh-CN">{title}</h2>
        <p class="wrap">
          <span class={`chip ${body.task ? "tone-info" : "tone-violet"}`}>
            {t(body.task ? "visit.ofTask" : "visit.sudden")}
          </span>
        </p>
        <dl class="facts">
          <dt>{t("visit.when")}</dt>
          <dd>
            {formatMoment(body.began_at)}—{formatClock(body.ended_at)}
          </dd>
          {counts.map(([result, count]) =>
            count > 0 ? (
              <>
                <dt>{t(`visit.result.${result}`)}</dt>
                <dd>{t("visit.items", { count })}</dd>
              </>
            ) : null,
          )}
          {body.interviews?.length ? (
            <>
              <dt>{t("visit.interviews")}</dt>
              <dd>{t("visit.interviewed", { count: body.interviews.length })}</dd>
            </>
          ) : null}
        </dl>
      </div>
      {found.length > 0 ? (
        <section class="stack">
          <h2>{t("visit.found", { count: found.length })}</h2>
          <ul class="list">
            {found.map(({ code, issue }) => (
              <li class="list-row" key={code}>
                <span class="grow">
                  <span class="list-title">{faultTitle(itemOf(code)) || code}</span>
                  <span class="meta">{stateOf(issue.id)}</span>
                </span>
                <SeverityChip severity={issue.report.severity} />
              </li>
            ))}
          </ul>
        </section>
      ) : null}
    </>
  );
}

/** Where a report of it stands on this device. */
function stateOf(id: string): string {
  const entry = entries.value.find((one) => one.id === id);
  return entry ? t(`outbox.state.${entry.state}`) : "";
}
