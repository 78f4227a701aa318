import { LEDGER_DOCUMENT_CHARS_MAX, REASON_CHARS_MAX } from "../api/limits";
import { readLedger, takeEntryStep } from "../api/months";
import type { EntryAction, Ledger, LedgerEntry } from "../api/months";
import { reachable } from "../api/request";
import { link } from "../router";
import { unitOf } from "../session/reference";
import { t } from "../texts";
import { civilDay } from "../time/civil";
import { serverNow } from "../time/moment";
import { Empty, FailureNotice, Fetched } from "../ui/Notice";
import { Page } from "../ui/Page";
import { SheetLinks } from "../ui/SheetLinks";
import { TextField } from "../ui/TextField";
import { useCached } from "../ui/useCached";
import { faultAt } from "./fault";
import { isUnit } from "./role";
import { useSending } from "./useStep";
import { dateText, monthText, orNone } from "./words";
import { forgetTyped, useTyped } from "../ui/useTyped";

const TONES: Record<LedgerEntry["state"], string> = {
  proposed: "tone-warn",
  approved: "tone-info",
  executed: "tone-success",
  published: "tone-success",
  dropped: "",
};

/** What a locked month led to: proposed by rule, approved by two, executed, made public. */
export function LedgerPage({ month }: { month: string }) {
  const ledger = useCached<Ledger>(`months/${month}/ledger`, () => readLedger(month));
  return (
    <Page title={t("ledger.title")} back={link("months", month)} isWide={!isUnit()}>
      <Fetched of={ledger}>
        {({ items, cash_in_rate, cash_in_rate_by_amount }) => (
          <div class="stack">
            <p class="meta">
              {monthText(month)}
              {t("punctuation.dot")}
              {t("ledger.hint")}
            </p>
            {isUnit() ? null : (
              <p>
                {t("ledger.rate")}
                {t("punctuation.colon")}
                <strong>{orNone(cash_in_rate)}</strong>
                {cash_in_rate_by_amount === null ? null : (
                  <>
                    {t("punctuation.dot")}
                    {t("ledger.rateByAmount")}
                    {t("punctuation.colon")}
                    <strong>{cash_in_rate_by_amount}</strong>
                  </>
                )}
              </p>
            )}
            {items.length === 0 ? null : (
              <div class="wrap">
                <SheetLinks path={`/ledger/export?month=${month}`} labels={[t("months.xlsx"), t("months.csv")]} />
              </div>
            )}
            {items.length === 0 ? (
              <Empty>{t("ledger.empty")}</Empty>
            ) : (
              <ul class="stack">
                {items.map((entry) => (
                  <li key={entry.id} class="card stack">
                    <Entry of={entry} onChange={ledger.reload} />
                  </li>
                ))}
              </ul>
            )}
          </div>
        )}
      </Fetched>
    </Page>
  );
}

function Entry({ of, onChange }: { of: LedgerEntry; onChange: () => void }) {
  return (
    <>
      <div class="wrap">
        <span class="list-title" lang="zh-CN">
          {unitOf(of.unit_id)?.name ?? t("months.unitUnknown")}
        </span>
        <span class={`chip ${of.kind === "reward" ? "listed-red" : "listed-black"}`}>{t(`entryKind.${of.kind}`)}</span>
        <span class={`chip ${TONES[of.state]}`}>{t(`entryState.${of.state}`)}</span>
        {of.cashing === null ? null : (
          <span class={of.cashing === "not-cashed" ? "text-danger" : "meta"}>{t(`cashing.${of.cashing}`)}</span>
        )}
      </div>
      {of.reason === null ? <p>{t(`listed.${of.listed}`)}</p> : <p lang="zh-CN">{of.reason}</p>}
      <dl class="facts">
        {of.amount_fen === null ? null : (
          <>
            <dt>{t("ledger.amount")}</dt>
            <dd>{t("ledger.yuan", { amount: (of.amount_fen / 100).toFixed(2) })}</dd>
          </>
        )}
        {of.state === "proposed" && !isUnit() ? (
          <>
            <dt>{t("ledger.approvals")}</dt>
            <dd>{t("ledger.approvalsOf", { count: of.approvals })}</dd>
          </>
        ) : null}
        {of.document_no === null ? null : (
          <>
            <dt>{t("ledger.documentNo")}</dt>
            <dd>{of.document_no}</dd>
          </>
        )}
        {of.executed_on === null ? null : (
          <>
            <dt>{t("ledger.executedOn")}</dt>
            <dd>{dateText(of.executed_on)}</dd>
          </>
        )}
        {of.dropped_because === null ? null : (
          <>
            <dt>{t("ledger.droppedBecause")}</dt>
            <dd>{of.dropped_because}</dd>
          </>
        )}
      </dl>
      {of.allowed_actions.length > 0 ? <Steps key={of.version} of={of} onChange={onChange} /> : null}
    </>
  );
}

/** What may be done with an entry: a button, or a form where something must be said. */
function Steps({ of, onChange }: { of: LedgerEntry; onChange: () => void }) {
  const form = `entry/${of.id}/${of.version}`;
  const [open, setOpen] = useTyped<"drop" | "execute" | null>(form, "open", null);
  const [text, setText] = useTyped(form, "text", "");
  const [day, setDay] = useTyped(form, "day", civilDay(serverNow()));
  const { isBusy, failure, send } = useSending(onChange);
  const take = (action: EntryAction, body: object) =>
    void send(
      () => takeEntryStep(of, action, body),
      () => forgetTyped(form),
    );
  const isSilent = isBusy || !reachable.value;
  return (
    <div class="stack no-print">
      {open === null ? (
        <div class="wrap">
          {of.allowed_actions.map((action) => (
            <button
              key={action}
              type="button"
              class={action === "drop" ? "button" : "button button-primary"}
              disabled={isSilent}
              onClick={() => (action === "drop" || action === "execute" ? setOpen(action) : take(action, {}))}
            >
              {t(`entryAction.${action}`)}
            </button>
          ))}
        </div>
      ) : (
        <form
          class="stack month-form"
          noValidate
          onSubmit={(event) => {
            event.preventDefault();
            take(open, open === "drop" ? { reason: text.trim() } : { document_no: text.trim(), on: day });
          }}
        >
          {open === "drop" ? (
            <TextField
              id={`drop-${of.id}`}
              label={t("ledger.dropWhy")}
              rows={3}
              max={REASON_CHARS_MAX}
              value={text}
              onInput={setText}
              error={faultAt(failure, "/reason")}
            />
          ) : (
            <>
              <TextField
                id={`no-${of.id}`}
                label={t("ledger.documentNo")}
                max={LEDGER_DOCUMENT_CHARS_MAX}
                value={text}
                onInput={setText}
                error={faultAt(failure, "/document_no")}
              />
              <TextField
                id={`on-${of.id}`}
                label={t("ledger.executedOn")}
                type="date"
                value={day}
                onInput={setDay}
                error={faultAt(failure, "/on")}
              />
            </>
          )}
          <div class="wrap">
            <button type="submit" class="button button-primary" disabled={isSilent || text.trim() === ""}>
              {t(isBusy ? "months.busy" : `entryAction.${open}`)}
            </button>
            <button type="button" class="button" onClick={() => setOpen(null)}>
              {t("action.cancel")}
            </button>
          </div>
        </form>
      )}
      {failure && failure.fields.length === 0 ? <FailureNotice failure={failure} /> : null}
    </div>
  );
}
