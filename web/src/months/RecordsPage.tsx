import { LEDGER_DOCUMENT_CHARS_MAX, REASON_CHARS_MAX } from "../api/limits";
import { listAdjustments, listCommendations, listMonths, putAdjustment, putCommendation } from "../api/months";
import type { Adjustment, Commendation, Month } from "../api/months";
import { reachable } from "../api/request";
import { link } from "../router";
import { unitOf } from "../session/reference";
import { t } from "../texts";
import { civilDay } from "../time/civil";
import { serverNow } from "../time/moment";
import { FailureNotice, Fetched } from "../ui/Notice";
import { Page } from "../ui/Page";
import { TextField } from "../ui/TextField";
import { useCached } from "../ui/useCached";
import { faultAt } from "./fault";
import { UnitSelect } from "./UnitSelect";
import { useSending } from "./useStep";
import { dateText, monthText, signed } from "./words";
import { forgetTyped, useTyped, useTypedId } from "../ui/useTyped";

const unitName = (id: string): string => unitOf(id)?.name ?? t("months.unitUnknown");

/** What the office records by hand for a month: commendations, and corrections of locked months. */
export function RecordsPage({ month }: { month: string }) {
  const commendations = useCached<Commendation[]>(`months/${month}/commendations`, () => listCommendations(month));
  const adjustments = useCached<Adjustment[]>(`months/${month}/adjustments`, () => listAdjustments(month));
  return (
    <Page title={t("byHand.title")} back={link("months", month)} isWide>
      <div class="stack-wide">
        <p class="meta">{t("byHand.countIn", { month: monthText(month) })}</p>
        <section class="card stack" aria-labelledby="commended-title">
          <h2 id="commended-title">{t("byHand.commendations")}</h2>
          <Fetched of={commendations}>
            {(items) =>
              items.length === 0 ? (
                <p class="meta">{t("byHand.noCommendations")}</p>
              ) : (
                <ul class="month-list">
                  {items.map((one) => (
                    <li key={one.id} class="stack-tight">
                      <p class="wrap">
                        <strong lang="zh-CN">{unitName(one.unit_id)}</strong>
                        <span>{dateText(one.given_on)}</span>
                      </p>
                      <p lang="zh-CN">{one.title}</p>
                      <p class="meta">{one.document_no}</p>
                    </li>
                  ))}
                </ul>
              )
            }
          </Fetched>
          <CommendationForm onChange={commendations.reload} />
        </section>
        <section class="card stack" aria-labelledby="corrected-title">
          <h2 id="corrected-title">{t("byHand.adjustments")}</h2>
          <p class="meta">{t("byHand.adjustmentsHint")}</p>
          <Fetched of={adjustments}>
            {(items) =>
              items.length === 0 ? (
                <p class="meta">{t("byHand.noAdjustments")}</p>
              ) : (
                <ul class="month-list">
                  {items.map((one) => (
                    <li key={one.id} class="stack-tight">
                      <p class="wrap">
                        <strong lang="zh-CN">{unitName(one.unit_id)}</strong>
                        <strong>{signed(one.points)}</strong>
                        <span>{t("byHand.corrects", { month: monthText(one.of_month) })}</span>
                      </p>
                      <p lang="zh-CN">{one.reason}</p>
                      <p class="meta">{one.document_no}</p>
                    </li>
                  ))}
                </ul>
              )
            }
          </Fetched>
          <AdjustmentForm onChange={adjustments.reload} />
        </section>
      </div>
    </Page>
  );
}

function CommendationForm({ onChange }: { onChange: () => void }) {
  // A new id once it was taken: the same is sent again under the same one.
  const form = "commendation";
  const [id, renew] = useTypedId(form);
  const [unit, setUnit] = useTyped(form, "unit", "");
  const [day, setDay] = useTyped(form, "day", civilDay(serverNow()));
  const [title, setTitle, wasTyped] = useTyped(form, "title", "");
  const [no, setNo] = useTyped(form, "no", "");
  const { isBusy, failure, send } = useSending(onChange);
  return (
    <details class="no-print" open={wasTyped}>
      <summary>{t("byHand.addCommendation")}</summary>
      <form
        class="stack month-form"
        noValidate
        onSubmit={(event) => {
          event.preventDefault();
          const body = { unit_id: unit, given_on: day, title: title.trim(), document_no: no.trim() };
          void send(
            () => putCommendation(id, body),
            () => {
              renew();
              setUnit("");
              setTitle("");
              setNo("");
              forgetTyped(form);
            },
          );
        }}
      >
        <UnitSelect id="commended" value={unit} onChange={setUnit} error={faultAt(failure, "/unit_id")} />
        <TextField
          id="given-on"
          label={t("byHand.givenOn")}
          hint={t("byHand.givenOnHint")}
          type="date"
          value={day}
          onInput={setDay}
          error={faultAt(failure, "/given_on")}
        />
        <TextField
          id="given-for"
          label={t("byHand.givenFor")}
          rows={2}
          max={REASON_CHARS_MAX}
          value={title}
          onInput={setTitle}
          error={faultAt(failure, "/title")}
        />
        <TextField
          id="given-by"
          label={t("ledger.documentNo")}
          max={LEDGER_DOCUMENT_CHARS_MAX}
          value={no}
          onInput={setNo}
          error={faultAt(failure, "/document_no")}
        />
        {failure && failure.fields.length === 0 ? <FailureNotice failure={failure} /> : null}
        <div>
          <button
            type="submit"
            class="button button-primary"
            disabled={isBusy || !reachable.value || !unit || !title.trim() || !no.trim()}
          >
            {t(isBusy ? "months.busy" : "months.save")}
          </button>
        </div>
      </form>
    </details>
  );
}

const LOCKED = ["locked", "published"];

function AdjustmentForm({ onChange }: { onChange: () => void }) {
  const months = useCached<Month[]>("months", listMonths);
  const locked = (months.body ?? []).filter((one) => LOCKED.includes(one.state));
  const form = "adjustment";
  const [id, renew] = useTypedId(form);
  const [unit, setUnit] = useTyped(form, "unit", "");
  const [of, setOf] = useTyped(form, "of", "");
  const [points, setPoints] = useTyped(form, "points", "");
  const [reason, setReason, wasTyped] = useTyped(form, "reason", "");
  const [no, setNo] = useTyped(form, "no", "");
  const { isBusy, failure, send } = useSending(onChange);
  if (months.body && locked.length === 0) return <p class="meta">{t("byHand.noneLocked")}</p>;
  const chosen = of || (locked[0]?.month ?? "");
  return (
    <details class="no-print" open={wasTyped}>
      <summary>{t("byHand.addAdjustment")}</summary>
      <form
        class="stack month-form"
        noValidate
        onSubmit={(event) => {
          event.preventDefault();
          const body = {
            unit_id: unit,
            of_month: chosen,
            points: points.trim().replace("\u2212", "-"),
            reason: reason.trim(),
            document_no: no.trim(),
          };
          void send(
            () => putAdjustment(id, body),
            () => {
              renew();
              setUnit("");
              setPoints("");
              setReason("");
              setNo("");
              forgetTyped(form);
            },
          );
        }}
      >
        <UnitSelect id="corrected" value={unit} onChange={setUnit} error={faultAt(failure, "/unit_id")} />
        <div class="field">
          <label class="label" for="of-month">
            {t("byHand.ofMonth")}
          </label>
          <select id="of-month" value={chosen} onChange={(event) => setOf(event.currentTarget.value)}>
            {locked.map((one) => (
              <option key={one.month} value={one.month}>
                {monthText(one.month)}
              </option>
            ))}
          </select>
        </div>
        <TextField
          id="points"
          label={t("byHand.points")}
          hint={t("byHand.pointsHint")}
          value={points}
          onInput={setPoints}
          error={faultAt(failure, "/points")}
        />
        <TextField
          id="why"
          label={t("byHand.reason")}
          rows={3}
          max={REASON_CHARS_MAX}
          value={reason}
          onInput={setReason}
          error={faultAt(failure, "/reason")}
        />
        <TextField
          id="by-document"
          label={t("ledger.documentNo")}
          max={LEDGER_DOCUMENT_CHARS_MAX}
          value={no}
          onInput={setNo}
          error={faultAt(failure, "/document_no")}
        />
        {failure && failure.fields.length === 0 ? <FailureNotice failure={failure} /> : null}
        <div>
          <button
            type="submit"
            class="button button-primary"
            disabled={isBusy || !reachable.value || !unit || !points.trim() || !reason.trim() || !no.trim()}
          >
            {t(isBusy ? "months.busy" : "months.save")}
          </button>
        </div>
      </form>
    </details>
  );
}
