import { useState } from "preact/hooks";
import { asFailure } from "../api/failure";
import type { Failure } from "../api/failure";
import { REASON_CHARS_MAX } from "../api/limits";
import { putObjection } from "../api/months";
import type { Month, Row } from "../api/months";
import { reachable } from "../api/request";
import { t } from "../texts";
import { FailureNotice } from "../ui/Notice";
import { TextField } from "../ui/TextField";
import { faultAt } from "./fault";
import { ObjectionState } from "./Objections";
import { forgetTyped, useTyped, useTypedId } from "../ui/useTyped";

/** The form to object to a row, or without one to the whole score; shows the state of an objection that exists. */
export function Objecting({ month, row, onChange }: { month: Month; row: Row | null; onChange: () => void }) {
  const form = `object/${month.month}/${row === null ? "score" : `${row.kind}/${row.id}`}`;
  const [isOpen, setOpen] = useTyped(form, "open", false);
  // One id for one objection, however often it is sent.
  const [id] = useTypedId(form);
  const [reason, setReason] = useTyped(form, "reason", "");
  const [isBusy, setBusy] = useState(false);
  const [failure, setFailure] = useState<Failure | null>(null);
  const known = month.objections.filter((one) =>
    row === null ? one.row === null : one.row !== null && one.row.kind === row.kind && one.row.id === row.id,
  );
  const mayObject = month.allowed_actions.includes("object") && !known.some((one) => one.is_upheld === null);
  const name = row === null ? t("objection.wholeScore") : row.name || t(`rowKind.${row.kind}`);

  async function save(event: Event) {
    event.preventDefault();
    setBusy(true);
    setFailure(null);
    try {
      await putObjection(month.month, id, {
        ...(row === null ? {} : { row: { kind: row.kind, id: row.id } }),
        reason: reason.trim(),
      });
      setOpen(false);
      setReason("");
      forgetTyped(form);
      onChange();
    } catch (cause) {
      setFailure(asFailure(cause));
    } finally {
      setBusy(false);
    }
  }

  return (
    <>
      {known.map((one) => (
        <ObjectionState key={one.id} of={one} />
      ))}
      {mayObject && !isOpen ? (
        <button
          type="button"
          class={row === null ? "button no-print" : "button button-plain month-object no-print"}
          aria-label={t("objection.to", { name })}
          onClick={() => setOpen(true)}
        >
          {t(row === null ? "objection.toScore" : "objection.object")}
        </button>
      ) : null}
      {mayObject && isOpen ? (
        <form class="stack month-form no-print" onSubmit={(event) => void save(event)} noValidate>
          <TextField
            id={`object-${row?.id ?? "score"}`}
            label={t("objection.reasonFor", { name })}
            rows={3}
            max={REASON_CHARS_MAX}
            value={reason}
            onInput={setReason}
            error={faultAt(failure, "/reason")}
          />
          {failure && failure.fields.length === 0 ? <FailureNotice failure={failure} /> : null}
          <div class="wrap">
            <button
              type="submit"
              class="button button-primary"
              disabled={isBusy || !reachable.value || reason.trim() === ""}
            >
              {t(isBusy ? "months.busy" : "objection.send")}
            </button>
            <button type="button" class="button" onClick={() => setOpen(false)}>
              {t("action.cancel")}
            </button>
          </div>
        </form>
      ) : null}
    </>
  );
}
