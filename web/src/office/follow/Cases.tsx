import { approveCase, listCases, putCase } from "../../api/followUp";
import type { AccountabilityCase } from "../../api/followUp";
import { CODE_CHARS_MAX, NAME_CHARS_MAX, REASON_CHARS_MAX } from "../../api/limits";
import { reachable } from "../../api/request";
import type { Page as Paged } from "../../api/types";
import { faultAt } from "../../months/fault";
import { useSending } from "../../months/useStep";
import { link } from "../../router";
import { reference, unitOf } from "../../session/reference";
import { may, session } from "../../session/session";
import { t } from "../../texts";
import { civilDay } from "../../time/civil";
import { serverNow } from "../../time/moment";
import { usePages } from "../../ui/issuePages";
import { MoreRows } from "../../ui/MoreRows";
import { Empty, FailureNotice, Fetched } from "../../ui/Notice";
import { TextField } from "../../ui/TextField";
import { useCached } from "../../ui/useCached";
import { forgetTyped, useTyped, useTypedId } from "../../ui/useTyped";

/** Ways to hold somebody to account, the mildest first. */
const KINDS = ["reminder", "talk", "circular", "referral"] as const satisfies readonly AccountabilityCase["kind"][];

/** Accountability cases 问责台账: entered by one person of the office, approved by another. */
export function Cases() {
  const first = useCached<Paged<AccountabilityCase>>("cases", () => listCases(null));
  const pages = usePages<AccountabilityCase>("cases", first, (from) => listCases(from), 50);
  return (
    <div class="stack">
      {may("manage-cases") ? <CaseForm onChange={first.reload} /> : null}
      <Fetched of={first}>
        {() =>
          pages.rows.length === 0 ? (
            <Empty>{t("follow.case.none")}</Empty>
          ) : (
            <div class="stack">
              <ul class="stack cards">
                {pages.rows.map((one) => (
                  <li key={one.id} id={`row-${one.id}`}>
                    <CaseItem of={one} onTaken={pages.replace} />
                  </li>
                ))}
              </ul>
              {pages.hasMore ? <MoreRows of={pages} /> : null}
            </div>
          )
        }
      </Fetched>
    </div>
  );
}

function CaseItem({ of, onTaken }: { of: AccountabilityCase; onTaken: (of: AccountabilityCase) => void }) {
  const { isBusy, failure, send } = useSending(() => undefined);
  const isOwn = of.proposed_by === session.value?.user.id;
  const unit = unitOf(of.unit_id)?.name ?? "";
  return (
    <section class="card stack-tight" aria-label={t(`follow.caseKind.${of.kind}`)}>
      <p class="row-spread">
        <strong class="grow" lang="zh-CN">
          {of.person}
        </strong>
        <span class={of.approved_by === null ? "text-warn" : "meta"}>
          {t(of.approved_by === null ? "follow.case.waits" : "follow.case.approved")}
        </span>
      </p>
      <p>
        {t(`follow.caseKind.${of.kind}`)} · <span lang="zh-CN">{unit}</span>
      </p>
      <p lang="zh-CN">{of.reason}</p>
      <p class="meta">
        {of.document_no} · {of.on}
      </p>
      {of.issue_id ? (
        <p>
          <a href={link("issue", of.issue_id)}>{t("follow.case.issue")}</a>
        </p>
      ) : null}
      {of.approved_by === null && may("manage-cases") ? (
        isOwn ? (
          <p class="meta">{t("follow.case.other")}</p>
        ) : (
          <p>
            <button
              type="button"
              class="button button-primary"
              disabled={isBusy || !reachable.value}
              onClick={() => void send(async () => onTaken(await approveCase(of.id)))}
            >
              {t("follow.case.approve")}
            </button>
          </p>
        )
      ) : null}
      {failure ? <FailureNotice failure={failure} /> : null}
    </section>
  );
}

function CaseForm({ onChange }: { onChange: () => void }) {
  // A new id once it was taken: the same is sent again under the same one.
  const form = "case";
  const [id, renew] = useTypedId(form);
  const [unit, setUnit] = useTyped(form, "unit", "");
  const [person, setPerson] = useTyped(form, "person", "");
  const [kind, setKind] = useTyped<AccountabilityCase["kind"]>(form, "kind", "reminder");
  const [reason, setReason, wasTyped] = useTyped(form, "reason", "");
  const [number, setNumber] = useTyped(form, "number", "");
  const [day, setDay] = useTyped(form, "day", civilDay(serverNow()));
  const { isBusy, failure, send } = useSending(onChange);
  const unitFault = faultAt(failure, "/unit_id");
  const body = {
    unit_id: unit,
    issue_id: null,
    person: person.trim(),
    kind,
    reason: reason.trim(),
    document_no: number.trim(),
    on: day,
  };
  return (
    <details class="card no-print" open={wasTyped}>
      <summary>{t("follow.case.add")}</summary>
      <form
        class="stack"
        noValidate
        onSubmit={(event) => {
          event.preventDefault();
          void send(
            () => putCase(id, body),
            () => {
              renew();
              setPerson("");
              setReason("");
              setNumber("");
              forgetTyped(form);
            },
          );
        }}
      >
        <p class="meta">{t("follow.case.hint")}</p>
        <label class="field">
          <span class="label">{t("follow.case.unit")}</span>
          <select
            value={unit}
            aria-invalid={unitFault ? true : undefined}
            onChange={(event) => setUnit(event.currentTarget.value)}
          >
            <option value="">{t("follow.case.chooseUnit")}</option>
            {(reference.value?.units ?? [])
              .filter((one) => one.active)
              .map((one) => (
                <option key={one.id} value={one.id} lang="zh-CN">
                  {one.name}
                </option>
              ))}
          </select>
          {unitFault ? (
            <span class="field-error" role="alert">
              {unitFault}
            </span>
          ) : null}
        </label>
        <TextField
          id="case-person"
          label={t("follow.case.person")}
          max={NAME_CHARS_MAX}
          value={person}
          onInput={setPerson}
          error={faultAt(failure, "/person")}
        />
        <label class="field">
          <span class="label">{t("follow.case.kind")}</span>
          <select value={kind} onChange={(event) => setKind(event.currentTarget.value as typeof kind)}>
            {KINDS.map((one) => (
              <option key={one} value={one}>
                {t(`follow.caseKind.${one}`)}
              </option>
            ))}
          </select>
        </label>
        <TextField
          id="case-reason"
          label={t("follow.case.reason")}
          rows={3}
          max={REASON_CHARS_MAX}
          value={reason}
          onInput={setReason}
          error={faultAt(failure, "/reason")}
        />
        <TextField
          id="case-number"
          label={t("follow.case.number")}
          max={CODE_CHARS_MAX}
          value={number}
          onInput={setNumber}
          error={faultAt(failure, "/document_no")}
        />
        <TextField
          id="case-day"
          label={t("follow.case.day")}
          type="date"
          value={day}
          onInput={setDay}
          error={faultAt(failure, "/on")}
        />
        {failure && failure.fields.length === 0 ? <FailureNotice failure={failure} /> : null}
        <p>
          <button type="submit" class="button button-primary" disabled={isBusy || !reachable.value}>
            {t("follow.case.enter")}
          </button>
        </p>
      </form>
    </details>
  );
}
