import { useEffect, useRef, useState } from "preact/hooks";
import { putPlan, readBatch } from "../../api/batches";
import type { Batch } from "../../api/batches";
import { asFailure } from "../../api/failure";
import type { Failure } from "../../api/failure";
import { reachable } from "../../api/request";
import { t, textIfKnown } from "../../texts";
import { ConfirmButton } from "../../ui/ConfirmButton";
import { FailureNotice, Notice } from "../../ui/Notice";
import { Bands } from "./Bands";
import { CoverMap } from "./CoverMap";
import type { WorkDays } from "./days";
import { Numbers, Pairs, Quotas, Scope } from "./PlanFields";
import { differences, formOf, planOf } from "./planForm";
import type { PlanForm } from "./planForm";
import { WindowCalendar } from "./WindowCalendar";

/** A plan as a form, with its window as a calendar and the points that it covers on a map. */
export function PlanEditor({
  id,
  version,
  calendar,
  form,
  onChange,
  onSaved,
  onDiscard,
}: {
  id: string;
  /** That of the plan that is changed; none for a new one. */
  version?: number;
  calendar: WorkDays;
  form: PlanForm;
  onChange: (form: PlanForm, version?: number) => void;
  onSaved: () => void;
  onDiscard: () => void;
}) {
  const [failure, setFailure] = useState<Failure | null>(null);
  const [other, setOther] = useState<Batch | null>(null);
  const [isBusy, setBusy] = useState(false);
  const box = useRef<HTMLFormElement>(null);
  const change = (part: Partial<PlanForm>) => onChange({ ...form, ...part });
  const plan = planOf(form, calendar);
  useEffect(() => {
    if (failure?.fields.length) box.current?.querySelector<HTMLElement>('[aria-invalid="true"]')?.focus();
  }, [failure]);

  async function save(on: number | undefined) {
    setBusy(true);
    setFailure(null);
    try {
      await putPlan(id, plan, on);
      onSaved();
    } catch (cause) {
      const refused = asFailure(cause);
      // Somebody else changed it: what is typed stays, and its person decides.
      if (refused.code === "stale-version" || refused.code === "batch-illegal-transition")
        setOther(await readBatch(id).catch(() => null));
      setFailure(refused);
    } finally {
      setBusy(false);
    }
  }

  return (
    <form
      class="stack-wide"
      ref={box}
      noValidate
      aria-label={t("planForm.title")}
      onSubmit={(event) => {
        event.preventDefault();
        void save(version);
      }}
    >
      <div class="plan-desk">
        <div class="stack">
          <Scope form={form} failure={failure} onChange={change} />
          <Bands form={form} failure={failure} onChange={change} />
          <Numbers form={form} failure={failure} onChange={change} />
          <Quotas form={form} failure={failure} onChange={change} />
          <Pairs form={form} onChange={change} />
        </div>
        <div class="stack">
          <section class="card stack" aria-labelledby="window-title">
            <h2 id="window-title">{t("planForm.window")}</h2>
            <p class="meta">{t("planForm.windowHint")}</p>
            <WindowCalendar
              from={form.window_from}
              to={form.window_to}
              slots={plan.rules.slots}
              calendar={calendar}
              onToggle={
                form.kept === null
                  ? (day) =>
                      change({
                        skipped: form.skipped.includes(day)
                          ? form.skipped.filter((one) => one !== day)
                          : [...form.skipped, day],
                      })
                  : undefined
              }
            />
          </section>
          <section class="card stack" aria-labelledby="cover-title">
            <h2 id="cover-title">{t("planForm.covered")}</h2>
            <CoverMap plan={plan} />
          </section>
        </div>
      </div>
      {other ? <Conflict other={other} mine={planOf(form, calendar)} /> : null}
      {other && other.state === "draft" ? (
        <div class="wrap">
          <button
            type="button"
            class="button"
            disabled={isBusy}
            onClick={() => {
              onChange(form, other.version);
              setOther(null);
              void save(other.version);
            }}
          >
            {t("planForm.keepMine")}
          </button>
          <button
            type="button"
            class="button"
            onClick={() => {
              onChange(formOf(other.plan, calendar), other.version);
              setOther(null);
              setFailure(null);
            }}
          >
            {t("planForm.takeTheirs")}
          </button>
        </div>
      ) : null}
      {failure && !other ? <FailureNotice failure={failure} safe={t("planForm.keptHere")} /> : null}
      <div class="card row-spread plan-foot">
        <p class="meta grow">{t("planForm.keptHere")}</p>
        <span class="wrap">
          <ConfirmButton label={t("planForm.discard")} question={t("planForm.discardSure")} onConfirm={onDiscard} />
          <button type="submit" class="button button-primary" disabled={isBusy || !reachable.value || other !== null}>
            {t(isBusy ? "batches.busy" : "planForm.save")}
          </button>
        </span>
      </div>
    </form>
  );
}

/** What a colleague changed while this was typed. */
function Conflict({ other, mine }: { other: Batch; mine: Batch["plan"] }) {
  const parts = differences(mine, other.plan).map((name) => textIfKnown(`planPart.${name}`) ?? name);
  return (
    <Notice tone="warn" role="alert">
      <p>
        {t(other.state === "draft" ? "planForm.changed" : "planForm.changedState", {
          state: t(`batchState.${other.state}`),
          parts: parts.join(t("batches.and")),
        })}
      </p>
    </Notice>
  );
}
