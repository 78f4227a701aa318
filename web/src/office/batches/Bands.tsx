import type { SlotKind } from "../../api/batches";
import type { Failure } from "../../api/failure";
import { t } from "../../texts";
import { faultText, Notice } from "../../ui/Notice";
import { KINDS } from "./planForm";
import type { Band, PlanForm } from "./planForm";

/** The times of the day at which visits begin, by kind of day: the slots of the window follow from them. */
export function Bands({
  form,
  failure,
  onChange,
}: {
  form: PlanForm;
  failure: Failure | null;
  onChange: (part: Partial<PlanForm>) => void;
}) {
  const faults = (failure?.fields ?? []).filter((field) => field.pointer.startsWith("/rules/slots"));
  const change = (kind: SlotKind, bands: Band[]) => onChange({ bands: { ...form.bands, [kind]: bands }, kept: null });
  const changeOne = (kind: SlotKind, at: number, part: Partial<Band>) =>
    change(
      kind,
      form.bands[kind].map((band, place) => (place === at ? { ...band, ...part } : band)),
    );
  return (
    <section class="card stack" aria-labelledby="bands-title">
      <h2 id="bands-title">{t("planForm.bands")}</h2>
      <p class="meta">{t("planForm.bandsHint")}</p>
      {form.kept === null ? null : (
        <Notice tone="info">
          <p>{t("planForm.keptSlots", { count: form.kept.length })}</p>
          <button type="button" class="button" onClick={() => onChange({ kept: null })}>
            {t("planForm.remakeSlots")}
          </button>
        </Notice>
      )}
      {KINDS.map((kind) => (
        <fieldset class="stack-tight batch-group" key={kind}>
          <legend class="label">{t(`slotKind.${kind}`)}</legend>
          {form.bands[kind].length === 0 ? <p class="meta">{t("planForm.noBand")}</p> : null}
          {form.bands[kind].map((band, at) => (
            <div class="plan-band" key={at}>
              {(["from", "to"] as const).map((end) => (
                <input
                  key={end}
                  class="input"
                  type="time"
                  aria-label={t(end === "from" ? "planForm.bandFrom" : "planForm.bandTo", {
                    kind: t(`slotKind.${kind}`),
                    number: at + 1,
                  })}
                  aria-invalid={faults.length > 0 ? true : undefined}
                  aria-describedby={faults.length > 0 ? "bands-fault" : undefined}
                  value={band[end]}
                  onInput={(event) => changeOne(kind, at, { [end]: event.currentTarget.value })}
                />
              ))}
              <button
                type="button"
                class="button button-plain"
                aria-label={t("planForm.removeBand", { kind: t(`slotKind.${kind}`), number: at + 1 })}
                onClick={() =>
                  change(
                    kind,
                    form.bands[kind].filter((_, place) => place !== at),
                  )
                }
              >
                {t("action.delete")}
              </button>
            </div>
          ))}
          <div>
            <button
              type="button"
              class="button button-plain"
              aria-label={t("planForm.addBandOf", { kind: t(`slotKind.${kind}`) })}
              onClick={() => change(kind, [...form.bands[kind], { from: "", to: "" }])}
            >
              {t("planForm.addBand")}
            </button>
          </div>
        </fieldset>
      ))}
      {faults.length > 0 ? (
        <p class="field-error" role="alert" id="bands-fault">
          {[...new Set(faults.map(faultText))].join(t("batches.and"))}
        </p>
      ) : null}
    </section>
  );
}
