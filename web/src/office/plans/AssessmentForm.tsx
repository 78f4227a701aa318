import { useState } from "preact/hooks";
import { asFailure } from "../../api/failure";
import type { Failure } from "../../api/failure";
import { PLANNING_NAME_CHARS_MAX } from "../../api/limits";
import { putAssessment } from "../../api/plans";
import type { Assessment, AssessmentBody } from "../../api/plans";
import { reference } from "../../session/reference";
import { localName, t } from "../../texts";
import { FailureNotice } from "../../ui/Notice";
import { TextField } from "../../ui/TextField";
import { faultAt } from "./fault";
import { forgetTyped, useTyped, useTypedId } from "../../ui/useTyped";

/** As many as `2027-08` has. */
const MONTH_CHARS = 7;
const KINDS = ["unannounced", "on-site", "documents", "survey", "recheck"] as const;

function bodyOf({ name, campaign, kind, from, to }: Assessment): AssessmentBody {
  return { name, campaign, kind, from, to };
}

/** A new external assessment, or one that is changed. */
export function AssessmentForm({
  assessment,
  onKept,
  onCancel,
}: {
  assessment?: Assessment;
  onKept: () => void;
  onCancel: () => void;
}) {
  const form = `assessment/${assessment ? `${assessment.id}/${assessment.version}` : "new"}`;
  const [id] = useTypedId(form, assessment?.id);
  const [body, setBody] = useTyped<AssessmentBody>(
    form,
    "body",
    assessment
      ? bodyOf(assessment)
      : { name: "", campaign: reference.value?.campaigns[0]?.code ?? "", kind: "unannounced", from: "", to: "" },
  );
  const [failure, setFailure] = useState<Failure | null>(null);
  const change = (part: Partial<AssessmentBody>) => setBody({ ...body, ...part });
  const keep = async (event: Event) => {
    event.preventDefault();
    try {
      await putAssessment(id, { ...body, to: body.to || body.from }, assessment?.version);
      forgetTyped(form);
      onKept();
    } catch (cause) {
      setFailure(asFailure(cause));
    }
  };
  return (
    <form
      class="stack"
      aria-label={t(assessment ? "assessment.edit" : "assessment.add")}
      onSubmit={(event) => void keep(event)}
    >
      <TextField
        id={`assessment-name-${id}`}
        label={t("assessment.name")}
        value={body.name}
        max={PLANNING_NAME_CHARS_MAX}
        error={faultAt(failure, "/name")}
        onInput={(name) => change({ name })}
      />
      <div class="wrap">
        <label class="field">
          <span class="label">{t("gap.campaign")}</span>
          <select value={body.campaign} onChange={(event) => change({ campaign: event.currentTarget.value })}>
            {reference.value?.campaigns.map((one) => (
              <option key={one.code} value={one.code}>
                {localName(one)}
              </option>
            ))}
          </select>
        </label>
        <label class="field">
          <span class="label">{t("assessment.kind")}</span>
          <select
            value={body.kind}
            onChange={(event) => change({ kind: event.currentTarget.value as AssessmentBody["kind"] })}
          >
            {KINDS.map((kind) => (
              <option key={kind} value={kind}>
                {t(`assessment.${kind}`)}
              </option>
            ))}
          </select>
        </label>
        <TextField
          id={`assessment-from-${id}`}
          label={t("assessment.from")}
          hint={t("assessment.monthHint")}
          value={body.from}
          max={MONTH_CHARS}
          onInput={(from) => change({ from })}
        />
        <TextField
          id={`assessment-to-${id}`}
          label={t("assessment.to")}
          value={body.to}
          max={MONTH_CHARS}
          error={faultAt(failure, "/to")}
          onInput={(to) => change({ to })}
        />
      </div>
      {failure ? <FailureNotice failure={failure} /> : null}
      <div class="row">
        <button type="submit" class="button button-primary">
          {t("plans.save")}
        </button>
        <button
          type="button"
          class="button"
          onClick={() => {
            forgetTyped(form);
            onCancel();
          }}
        >
          {t("plans.cancel")}
        </button>
      </div>
    </form>
  );
}
