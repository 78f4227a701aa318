import type { Month, MonthState } from "../api/months";
import { t } from "../texts";
import { serverNow } from "../time/moment";
import { dateOf, STAGES, stageOf } from "./step";
import { dateText } from "./words";

const TONES: Record<MonthState, string> = {
  open: "",
  frozen: "tone-info",
  preview: "tone-warn",
  decided: "tone-violet",
  locked: "tone-success",
  published: "tone-success",
};

export const StateOf = ({ state }: { state: MonthState }) => (
  <span class={`chip ${TONES[state]}`}>{t(`monthState.${state}`)}</span>
);

/** How far a month is, from its cut-off to its circular. */
export function Strip({ month }: { month: Month }) {
  const now = stageOf(month, serverNow());
  const at = now === null ? STAGES.length : STAGES.indexOf(now);
  return (
    <ol class="steps month-strip" aria-label={t("months.strip")}>
      {STAGES.map((stage, place) => {
        const date = dateOf(stage, month);
        return (
          <li key={stage} class={place < at ? "past" : ""} aria-current={place === at ? "step" : undefined}>
            {t(`monthStage.${stage}`)}
            {place < at ? <span class="visually-hidden">{t("months.past")}</span> : null}
            {date === null ? null : <span class="month-date">{dateText(date)}</span>}
          </li>
        );
      })}
    </ol>
  );
}
