import { useState } from "preact/hooks";
import type { AnswerAction } from "../actions";
import type { InspectorIssue, Issue, UnitIssue } from "../api/types";
import { DraftNotices } from "../draft/DraftNotices";
import { PhotoTaker } from "../draft/PhotoTaker";
import { useDraft } from "../draft/useDraft";
import { changed, drain, entries } from "../outbox/drain";
import type { AnswerEntry } from "../outbox/entry";
import { pendingSignIn } from "../outbox/readiness";
import { goInstead, link } from "../router";
import { itemOf, placeOf } from "../session/reference";
import { session } from "../session/session";
import { stepKey, uuid } from "../session/uuid";
import { answerDraftId, entryIdOf, finishDraft, newAnswerDraft, PhotoLost } from "../store/drafts";
import type { AnswerDraft, AnswerFields } from "../store/records";
import { addTexts, faultTitle, t } from "../texts";
import { zhAnswer } from "../texts/zh/answer";
import { TextField } from "../ui/TextField";
import { Due } from "../ui/Due";
import { Notice } from "../ui/Notice";
import { NotFoundPage } from "../ui/NotFoundPage";
import { PhotoGrid } from "../ui/PhotoGrid";
import type { ShownPhoto } from "../ui/PhotoGrid";
import { Page } from "../ui/Page";
import { Compare } from "./Compare";
import { SentBack } from "./SentBack";
import { AnswerField } from "./AnswerField";
import { ASK_ORDER, answerBody, answerFaults, formOf, isAnswerAction, isConsequential, longestUntil } from "./forms";
import type { AnswerFault, Ask } from "./forms";
import "../texts/withForms";

addTexts(zhAnswer);

/** The form of one action on an issue. It works without a network. */
export function AnswerPage({ issue, action }: { issue: Issue; action: string }) {
  if (!isAnswerAction(action)) return <NotFoundPage />;
  return <AnswerForm key={`${issue.id}/${action}`} issue={issue as InspectorIssue | UnitIssue} action={action} />;
}

function AnswerForm({ issue, action }: { issue: InspectorIssue | UnitIssue; action: AnswerAction }) {
  const form = formOf(action);
  const item = itemOf(issue.item_code);
  const user = session.value?.user.id ?? "";
  const back = link("issue", issue.id);
  const place = placeOf(issue.point.id);
  const of = { place, itemCode: issue.item_code, dueAt: issue.due_at, longestUntil: longestUntil(issue) };
  const begun = {
    userId: user,
    issueId: issue.id,
    title: issue.point.name,
    action,
    version: issue.version,
    entryId: uuid(),
  };
  const handle = useDraft<AnswerDraft>(
    answerDraftId(user, issue.id, action),
    () => beginning(newAnswerDraft(begun, Date.now()), issue),
    link("issue", issue.id, action),
  );
  const [isTried, setTried] = useState(false);
  const [refusal, setRefusal] = useState<string | null>(null);
  if (!handle)
    return (
      <Page title={t(`do.${action}`)} back={back}>
        <div class="skeleton" />
      </Page>
    );

  const { fields } = handle.draft;
  // Faults that are shown disappear as they are corrected.
  const all = answerFaults(action, handle.draft, of);
  const faults = isTried ? all : [];
  const isMisfit = all.includes("misfit");
  const set = (change: Partial<AnswerFields>) =>
    handle.update((old) => ({ ...old, fields: { ...old.fields, ...change } }));
  const saidOf = (name: AnswerFault): string =>
    name === "misfit"
      ? t("report.fault.misfit")
      : name === "text" && form.text
        ? t("answer.fault.text", { what: t(`answer.text.${form.text.name}`) })
        : t(`answer.fault.${name}`);
  const fault = (name: AnswerFault) => (faults.includes(name) && name !== "misfit" ? saidOf(name) : null);
  const photoFault = faults.find((name) => name === "same-angle" || name === "wide" || name === "evidence");
  const asked = (ask: Ask) =>
    form.asks.includes(ask) ? (
      <AnswerField key={ask} ask={ask} fields={fields} set={set} fault={fault} issue={issue} isMisfit={isMisfit} />
    ) : null;
  const shown = (issue.photos as ShownPhoto[]).filter((photo) => photo.has_preview);
  // A look-back asks whether the fix has held, so its photos are compared with those of the fix.
  const stages = action === "look-back" ? (["fix", "found"] as const) : (["found", "fix"] as const);
  const before = stages.flatMap((stage) => shown.filter((photo) => photo.stage === stage && photo.view !== "detail"));

  async function send() {
    if (!handle) return;
    setTried(true);
    if (answerFaults(action, handle.draft, of).length > 0) return scrollTo(0, 0);
    try {
      const draft = (await handle.flush()) ?? handle.draft;
      await finishDraft(draft, (whole) => entryOf(whole, action, issue.version));
      await changed();
      void drain();
      // What an inspector has done may end their part in the issue, so it has a page of its own.
      goInstead(form.by === "inspector" ? `${link("outbox")}?done=${encodeURIComponent(entryIdOf(draft))}` : back);
    } catch (cause) {
      setRefusal(cause instanceof PhotoLost ? t("problem.photo-lost") : t("report.storeRefused"));
    }
  }

  return (
    <Page
      title={t(`do.${action}`)}
      back={back}
      actions={
        <button type="button" class="button button-primary" onClick={() => void send()}>
          {t("answer.send", { what: t(`do.${action}`) })}
        </button>
      }
    >
      <div class="stack-wide">
        <div class="stack-tight">
          <p>
            <strong lang="zh-CN">{issue.point.name}</strong>
          </p>
          <p class="meta">{faultTitle(item) || issue.item_code}</p>
          {issue.due_at && action !== "pass" && action !== "look-back" ? <Due of={issue} /> : null}
        </div>
        <DraftNotices handle={handle} />
        {action === "resubmit" ? (
          <>
            <SentBack issue={issue} />
            <section class="stack">
              <h2>{t("answer.sentPhotos")}</h2>
              <PhotoGrid photos={(issue.photos as ShownPhoto[]).filter(({ stage }) => stage === "found")} />
            </section>
          </>
        ) : null}
        {isConsequential(action) ? (
          <Notice tone="warn">
            <p>
              <strong>{t("answer.consequenceTitle")}</strong>
            </p>
            <p>{t(`consequence.${action}`)}</p>
          </Notice>
        ) : null}
        {faults.length > 0 ? (
          <Notice tone="danger" role="alert">
            <p>{t("report.incomplete")}</p>
            <ul>
              {faults.map((name) => (
                <li key={name}>{saidOf(name)}</li>
              ))}
            </ul>
          </Notice>
        ) : null}
        {refusal ? (
          <Notice tone="danger" role="alert">
            <p>{refusal}</p>
          </Notice>
        ) : null}
        {asked("held")}
        {action === "request-hang" ? <p class="meta">{t("answer.safetyPhoto")}</p> : null}
        {action === "report-fix" && issue.severity === "high" ? <p class="meta">{t("answer.viceHeadHint")}</p> : null}
        {form.views.length > 0 ? (
          <>
            {form.views.includes("same-angle") && before.length > 0 ? (
              <Compare handle={handle} before={before} />
            ) : null}
            <PhotoTaker
              handle={handle}
              views={form.views}
              error={photoFault ? t(`answer.fault.${photoFault}`) : null}
            />
          </>
        ) : null}
        {ASK_ORDER.filter((ask) => ask !== "held").map(asked)}
        {form.text ? (
          <TextField
            id="text"
            rows={4}
            max={form.text.max}
            label={t(
              form.asks.includes("on-site") && fields.onSite && handle.draft.photos.length === 0
                ? "answer.text.noPhoto"
                : `answer.text.${form.text.name}`,
            )}
            value={fields.text}
            onInput={(text) => set({ text })}
            error={fault("text")}
          />
        ) : null}
        <div class="stack-tight meta">
          <p>{t("answer.offlineHint")}</p>
          {action === "report-fix" ? <p>{t("answer.onTimeHint")}</p> : null}
        </div>
      </div>
    </Page>
  );
}

/** A report that was sent back starts with what it said. */
function beginning(draft: AnswerDraft, issue: InspectorIssue | UnitIssue): AnswerDraft {
  if (draft.action !== "resubmit") return draft;
  return {
    ...draft,
    fields: { ...draft.fields, text: issue.description, itemCode: issue.item_code, severity: issue.severity },
  };
}

/** Sent with the version that is on the screen, not the one on which the draft was started. */
function entryOf(draft: AnswerDraft, action: AnswerAction, version: number): AnswerEntry {
  const after = action === "report-fix" ? (pendingSignIn(draft.issueId, entries.value)?.id ?? null) : null;
  return {
    kind: "answer",
    after,
    id: entryIdOf(draft),
    userId: draft.userId,
    issueId: draft.issueId,
    title: draft.title,
    action,
    version,
    body: answerBody(action, draft),
    photos: draft.photos,
    sentPhotos: [],
    state: "waiting",
    attempts: 0,
    nextAt: 0,
    setback: null,
    receipt: null,
    createdAt: Date.now(),
    deliveredAt: null,
    isTried: false,
    ...(draft.replaces ? { replaces: draft.replaces } : {}),
    key: stepKey(entryIdOf(draft)),
  };
}
