import { useEffect, useState } from "preact/hooks";
import { entries } from "../outbox/drain";
import { EntryCard } from "../outbox/EntryCard";
import type { AnswerEntry, OutboxEntry } from "../outbox/entry";
import { link } from "../router";
import { readEntry } from "../store/outbox";
import { addTexts, t } from "../texts";
import { zhAnswer } from "../texts/zh/answer";
import { formatMoment } from "../time/moment";
import { Loading, Notice } from "../ui/Notice";
import { Page } from "../ui/Page";
import type { InspectorAction } from "./forms";
import "../texts/withForms";

addTexts(zhAnswer);

/** What a step of an inspector has led to; a look-back leads to one of two things, a withdrawal to what it found. */
type Result = Exclude<InspectorAction, "look-back"> | "held" | "relapsed" | "not-withdrawn";

/** Whether the person who took the step may still read the issue afterwards. */
const IS_READABLE: Record<Result, boolean> = {
  pass: true,
  fail: true,
  resubmit: true,
  withdraw: true,
  "not-withdrawn": true,
  "cannot-judge": false,
  held: false,
  relapsed: false,
};

function resultOf({ action, body, receipt }: AnswerEntry): Result | null {
  switch (action) {
    case "look-back":
      return body.held === true ? "held" : "relapsed";
    case "withdraw":
      return receipt?.state === "void" ? "withdraw" : "not-withdrawn";
    case "pass":
    case "fail":
    case "resubmit":
    case "cannot-judge":
      return action;
    default:
      return null;
  }
}

/**
 * What became of a step that an inspector has taken. It has a page of its own, because the step may end their part in
 * the issue, which they can then no longer read. The page changes by itself as the step is sent.
 */
export function DonePage({ id }: { id: string }) {
  const entry = entries.value.find((one) => one.id === id);
  const [isGone, setGone] = useState(false);
  useEffect(() => {
    if (entry) return setGone(false);
    void readEntry(id).then(
      (kept) => setGone(kept === undefined),
      () => undefined,
    );
  }, [id, entry === undefined]);
  return (
    <Page
      title={t("done.title")}
      back="#/"
      actions={
        <a class="button button-primary" href="#/">
          {t("done.toTasks")}
        </a>
      }
    >
      {entry ? <Fate entry={entry} /> : isGone ? <p class="meta">{t("done.gone")}</p> : <Loading />}
    </Page>
  );
}

function Fate({ entry }: { entry: OutboxEntry }) {
  const result = entry.kind === "answer" ? resultOf(entry) : null;
  const what = entry.kind === "answer" ? t(`do.${entry.action}`) : t("report.title");
  if (entry.state !== "delivered")
    return (
      <div class="stack">
        <Notice tone={entry.state === "attention" ? "danger" : "info"} role="status">
          <p>
            <strong>{t(entry.state === "attention" ? "done.attention" : "done.waiting", { what })}</strong>
          </p>
          {entry.state === "attention" ? null : <p>{t("done.waitingHint")}</p>}
        </Notice>
        <EntryCard entry={entry} />
      </div>
    );
  return (
    <div class="stack">
      <Notice tone="success" role="status">
        <p>
          <strong>{result ? t(`done.${result}`) : t("pending.delivered", { what })}</strong>
        </p>
        {result ? <p>{t(`doneHint.${result}`)}</p> : null}
      </Notice>
      <div class="card">
        <dl class="facts">
          <dt>{t("issue.title")}</dt>
          <dd lang="zh-CN">{entry.title}</dd>
          <dt>{t("done.sentAt")}</dt>
          <dd>{formatMoment(entry.receipt?.at ?? entry.deliveredAt ?? entry.createdAt)}</dd>
          {entry.photos.length > 0 ? (
            <>
              <dt>{t("photo.title")}</dt>
              <dd>{t("outbox.photos", { count: entry.photos.length })}</dd>
            </>
          ) : null}
        </dl>
      </div>
      {result === null || IS_READABLE[result] ? (
        <a class="button" href={link("issue", entry.issueId)}>
          {t("done.open")}
        </a>
      ) : result === "relapsed" ? (
        <a class="button" href={link("records")}>
          {t("done.toRecords")}
        </a>
      ) : null}
    </div>
  );
}
