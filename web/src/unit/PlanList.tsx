import type { Schemas } from "../api/types";
import { t } from "../texts";
import { formatDay, serverNow } from "../time/moment";
import { civilDay } from "../time/civil";

const DAY_MS = 24 * 3_600_000;

/** The plan of a hung issue: milestones with dates, which is next, and which are late. */
export function PlanList({ plan, isHung }: { plan: Schemas["PlanStep"][]; isHung: boolean }) {
  const today = civilDay(serverNow());
  const next = isHung ? plan.find((step) => step.due >= today && !step.reached_on) : undefined;
  return (
    <ol class="plan">
      {plan.map((step) => {
        const daysLate = Math.round((Date.parse(today) - Date.parse(step.due)) / DAY_MS);
        return (
          <li key={`${step.due}${step.milestone}`}>
            <span class="meta">{t("time.dueAt", { at: formatDay(`${step.due}T04:00:00Z`) })}</span>{" "}
            <span lang="zh-CN">{step.milestone}</span>{" "}
            {step.reached_on ? (
              <span class="chip tone-success">
                {t("plan.reached", { at: formatDay(`${step.reached_on}T04:00:00Z`) })}
              </span>
            ) : null}
            {!isHung && step.is_missed ? <span class="chip tone-danger">{t("plan.missed")}</span> : null}
            {isHung && daysLate > 0 && !step.reached_on ? (
              <span class="chip tone-danger">{t("plan.late", { days: daysLate })}</span>
            ) : null}
            {step === next ? <span class="chip tone-info">{t("plan.next")}</span> : null}
          </li>
        );
      })}
    </ol>
  );
}
