import type { Batch } from "../../api/batches";
import { t } from "../../texts";
import { areaText, campaignText, typeText, windowText } from "./look";
import { NUMBERS, placesOf } from "./planForm";
import type { NumberName } from "./planForm";

/** What each number counts. */
const COUNTED: Record<NumberName, "places" | "visits" | "tasks" | "percent"> = {
  open_places: "places",
  proportional_places: "places",
  demo_percent: "percent",
  evening_min: "tasks",
  weekend_min: "tasks",
  point_visits_max: "visits",
  unit_visits_max: "visits",
  tasks_per_inspector_max: "tasks",
};

/** A plan as it stands. */
export function PlanFacts({ batch }: { batch: Batch }) {
  const { plan } = batch;
  const { rules } = plan;
  const list = (codes: string[], text: (code: string) => string) =>
    codes.length === 0 ? t("planFacts.all") : codes.map(text).join(t("batches.and"));
  return (
    <section class="card stack" aria-labelledby="plan-facts-title">
      <h2 id="plan-facts-title">{t("planForm.title")}</h2>
      <dl class="facts plan-facts">
        <dt>{t("batches.approvalNo")}</dt>
        <dd lang="zh-CN">{batch.approval_no ?? t("planFacts.notApproved")}</dd>
        <dt>{t("planForm.window")}</dt>
        <dd>{windowText(plan.window_from, plan.window_to)}</dd>
        <dt>{t("planForm.campaigns")}</dt>
        <dd>{list(plan.campaigns, campaignText)}</dd>
        <dt>{t("planForm.areas")}</dt>
        <dd lang="zh-CN">{list(plan.areas, areaText)}</dd>
        <dt>{t("planFacts.places")}</dt>
        <dd>{t("planCount.places", { count: placesOf(plan) })}</dd>
        {(Object.keys(NUMBERS) as NumberName[]).map((name) => (
          <Fact key={name} name={name} value={rules[name]} />
        ))}
        <dt>{t("planForm.quotas")}</dt>
        <dd>
          {rules.quotas.length === 0
            ? t("planFacts.none")
            : rules.quotas.map((quota) => (
                <span class="batch-line" key={`${quota.point_type} ${quota.area}`}>
                  {t("planFacts.quota", {
                    type: typeText(quota.point_type),
                    area: areaText(quota.area),
                    count: quota.count,
                  })}
                </span>
              ))}
        </dd>
        <dt>{t("planForm.pairs")}</dt>
        <dd>
          {[
            rules.pair_severe ? t("planForm.pairSevere") : "",
            rules.pair_types.length > 0 ? rules.pair_types.map(typeText).join(t("batches.and")) : "",
          ]
            .filter((words) => words !== "")
            .join(t("batches.semicolon")) || t("planFacts.none")}
        </dd>
      </dl>
    </section>
  );
}

function Fact({ name, value }: { name: NumberName; value: number }) {
  return (
    <>
      <dt>{t(`planPart.${name}`)}</dt>
      <dd>{t(`planCount.${COUNTED[name]}`, { count: value })}</dd>
    </>
  );
}
