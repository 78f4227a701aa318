import { withdrawPlanned } from "../../api/plans";
import { useSending } from "../../months/useStep";
import { t } from "../../texts";
import { ConfirmButton } from "../../ui/ConfirmButton";
import { FailureNotice } from "../../ui/Notice";

/** Withdraws an assessment or a schedule that was entered by mistake; the audit record keeps what it was. */
export function WithdrawButton({
  kind,
  of,
  onGone,
}: {
  kind: "assessments" | "schedules";
  of: { id: string; version: number; name: string };
  onGone: () => void;
}) {
  const { failure, send } = useSending(onGone);
  return (
    <span class="stack-tight no-print">
      <ConfirmButton
        label={t("plans.withdraw")}
        name={`${t("plans.withdraw")} ${of.name}`}
        question={t("plans.withdrawSure")}
        onConfirm={() => void send(() => withdrawPlanned(kind, of.id, of.version))}
      />
      {failure && failure.fields.length > 0 ? (
        <span class="field-error" role="alert">
          {t("plans.withdrawFirst")}
        </span>
      ) : failure ? (
        <FailureNotice failure={failure} />
      ) : null}
    </span>
  );
}
