import { useState } from "preact/hooks";
import { answerComplaint, complaintQuery, countComplaints, listComplaints } from "../../api/complaints";
import type { Complaint, ComplaintCounts } from "../../api/complaints";
import { asFailure } from "../../api/failure";
import type { Failure } from "../../api/failure";
import { COMPLAINT_CHARS_MAX } from "../../api/limits";
import { reachable } from "../../api/request";
import type { Query } from "../../api/query";
import type { Page as Paged } from "../../api/types";
import { goInstead, link, route } from "../../router";
import { unitOf } from "../../session/reference";
import { may } from "../../session/session";
import { t } from "../../texts";
import { formatMoment } from "../../time/moment";
import { TextField } from "../../ui/Choices";
import { useCached } from "../../ui/useCached";
import { Empty, FailureNotice, Fetched, Notice } from "../../ui/Notice";
import { Page } from "../../ui/Page";
import { fieldErrorText } from "./fieldErrorText";
import { forgetTyped, useTyped } from "../../ui/useTyped";

const PAGE_ROWS = 50;

type Asked = Query<"/complaints">;

/** Complaints and their answers. */
export function ComplaintsPage() {
  const isAnswered = route.value.query.get("answered") === "true";
  const asked = { limit: PAGE_ROWS, answered: isAnswered };
  const query = complaintQuery(asked);
  const first = useCached<Paged<Complaint>>(`complaints?${query}`, () => listComplaints(query));
  const counts = useCached<ComplaintCounts>("complaints/counts", countComplaints);
  const [note, setNote] = useState<string | null>(null);
  const reload = () => {
    first.reload();
    counts.reload();
  };
  // Without a number where it could not be counted.
  const counted = (words: string, count: number | undefined) =>
    count === undefined ? words : t("complaints.counted", { words, count });
  // For discipline it is a tab.
  const isTab = route.value.path[0] === "complaints";
  const to = (answered: boolean) =>
    `${isTab ? link("complaints") : link("settings", "complaints")}${answered ? "?answered=true" : ""}`;
  return (
    <Page
      title={t("complaint.title")}
      {...(isTab ? {} : { back: link("settings") })}
      aside={
        <button type="button" class="button" onClick={reload}>
          {t("action.refresh")}
        </button>
      }
    >
      <div class="stack">
        <p class="meta">{t("complaints.whoSees")}</p>
        <div class="segments" role="group" aria-label={t("complaints.state")}>
          <button type="button" aria-pressed={!isAnswered} onClick={() => goInstead(to(false))}>
            {counted(t("complaints.open"), counts.body?.open)}
          </button>
          <button type="button" aria-pressed={isAnswered} onClick={() => goInstead(to(true))}>
            {counted(t("complaints.answered"), counts.body?.answered)}
          </button>
        </div>
        {note ? (
          <Notice tone="success" role="status">
            <p>{note}</p>
          </Notice>
        ) : null}
        <Fetched of={first}>
          {(page) => (
            <ComplaintList
              key={query}
              first={page}
              asked={asked}
              onAnswered={() => {
                setNote(t("complaints.sent"));
                reload();
              }}
            />
          )}
        </Fetched>
      </div>
    </Page>
  );
}

function ComplaintList({
  first,
  asked,
  onAnswered,
}: {
  first: Paged<Complaint>;
  asked: Asked;
  onAnswered: () => void;
}) {
  const [more, setMore] = useState<Complaint[]>([]);
  const [cursor, setCursor] = useState<string | null | undefined>(undefined);
  const [failure, setFailure] = useState<Failure | null>(null);
  const next = cursor === undefined ? first.next_cursor : cursor;
  async function load() {
    try {
      const page = await listComplaints(complaintQuery({ ...asked, cursor: next }));
      setMore([...more, ...page.items]);
      setCursor(page.next_cursor);
      setFailure(null);
    } catch (cause) {
      setFailure(asFailure(cause));
    }
  }
  const all = [...first.items, ...more];
  if (all.length === 0) return <Empty>{t("complaints.empty")}</Empty>;
  return (
    <>
      <ul class="stack">
        {all.map((one) => (
          <li key={one.id}>
            <ComplaintCard complaint={one} onAnswered={onAnswered} />
          </li>
        ))}
      </ul>
      {failure ? <FailureNotice failure={failure} onRetry={() => void load()} /> : null}
      {next ? (
        <button type="button" class="button" onClick={() => void load()}>
          {t("complaints.older")}
        </button>
      ) : null}
    </>
  );
}

function ComplaintCard({ complaint, onAnswered }: { complaint: Complaint; onAnswered: () => void }) {
  const { author } = complaint;
  const unit = author?.unit_id ? unitOf(author.unit_id)?.name : undefined;
  return (
    <article class="card stack">
      <p class="row-spread">
        <span>
          <strong>{t(`complaintKind.${complaint.kind}`)}</strong>
          <br />
          <span class="meta">
            {author ? (
              <>
                <span lang="zh-CN">{author.display_name}</span>
                {t("punctuation.dot")}
                {t(`role.${author.role}`)}
                {unit ? (
                  <>
                    {t("punctuation.dot")}
                    <span lang="zh-CN">{unit}</span>
                  </>
                ) : null}
              </>
            ) : (
              t("complaints.anonymous")
            )}
          </span>
        </span>
        <span class="meta">{formatMoment(complaint.filed_at)}</span>
      </p>
      <p class="quote" lang="zh-CN">
        {complaint.body}
      </p>
      {complaint.answer === null ? (
        may("answer-complaint") ? (
          <AnswerForm id={complaint.id} onAnswered={onAnswered} />
        ) : null
      ) : (
        <div class="stack-tight">
          <p class="meta">
            {t("complaints.answeredBy", {
              name: complaint.answered_by ?? "",
              at: complaint.answered_at === null ? "" : formatMoment(complaint.answered_at),
            })}
          </p>
          <p class="quote" lang="zh-CN">
            {complaint.answer}
          </p>
        </div>
      )}
    </article>
  );
}

function AnswerForm({ id, onAnswered }: { id: string; onAnswered: () => void }) {
  const form = `complaint/${id}`;
  const [isOpen, setOpen] = useTyped(form, "open", false);
  const [text, setText] = useTyped(form, "text", "");
  const [isBusy, setBusy] = useState(false);
  const [failure, setFailure] = useState<Failure | null>(null);
  async function send(event: Event) {
    event.preventDefault();
    if (text.trim() === "") return;
    setBusy(true);
    setFailure(null);
    try {
      await answerComplaint(id, text);
      forgetTyped(form);
      onAnswered();
    } catch (cause) {
      setFailure(asFailure(cause));
    } finally {
      setBusy(false);
    }
  }
  if (!isOpen)
    return (
      <div>
        <button type="button" class="button" onClick={() => setOpen(true)}>
          {t("complaints.answer")}
        </button>
      </div>
    );
  return (
    <form class="stack" onSubmit={(event) => void send(event)} noValidate>
      <TextField
        id={`answer-${id}`}
        label={t("complaints.answer")}
        hint={t("complaints.answerHint")}
        rows={4}
        max={COMPLAINT_CHARS_MAX}
        value={text}
        onInput={setText}
        error={fieldErrorText(failure, "/answer")}
      />
      {failure && failure.fields.length === 0 ? <FailureNotice failure={failure} /> : null}
      {reachable.value ? null : (
        <Notice tone="warn">
          <p>{t("desk.needsNetwork")}</p>
        </Notice>
      )}
      <div class="wrap">
        <button type="submit" class="button button-primary" disabled={isBusy || text.trim() === "" || !reachable.value}>
          {isBusy ? t("desk.saving") : t("complaints.send")}
        </button>
        <button type="button" class="button" onClick={() => setOpen(false)}>
          {t("action.cancel")}
        </button>
      </div>
    </form>
  );
}
