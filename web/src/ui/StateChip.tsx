import type { Severity, State } from "../api/types";
import { SEVERITY_TONES } from "../severities";
import { rowOf } from "../states";
import { t } from "../texts";
import { Icon } from "./Icon";

/** Colour, icon and word: never colour alone. */
export function StateChip({ state }: { state: State }) {
  const [, tone, icon] = rowOf(state);
  return (
    <span class={`chip ${tone}`}>
      <Icon name={icon} />
      {t(`issue.${state}`)}
    </span>
  );
}

export function SeverityChip({ severity }: { severity: Severity }) {
  return <span class={`chip ${SEVERITY_TONES[severity]}`}>{t(`severity.${severity}`)}</span>;
}
