import type { Severity, State } from "../api/types";
import { t } from "../texts";
import { Icon } from "./Icon";
import type { IconName } from "./Icon";

const LOOKS: Record<State, [tone: string, icon: IconName]> = {
  receiving: ["", "up"],
  submitted: ["tone-info", "clock"],
  returned: ["tone-warn", "alert"],
  sealed: ["tone-info", "shield"],
  assigned: ["tone-info", "todo"],
  rectifying: ["tone-warn", "clock"],
  redispatch: ["", "clock"],
  reported: ["tone-violet", "search"],
  rework: ["tone-warn", "alert"],
  hung: ["", "flag"],
  closed: ["tone-success", "tick"],
  archived: ["tone-success", "tick"],
  void: ["", "close"],
};

/** Of a state that only a newer service knows. */
const PLAIN: [tone: string, icon: IconName] = ["", "dot"];

/** Colour, sign and word: never colour alone. */
export function StateChip({ state }: { state: State }) {
  const [tone, icon] = (LOOKS as Partial<typeof LOOKS>)[state] ?? PLAIN;
  return (
    <span class={`chip ${tone}`}>
      <Icon name={icon} />
      {t(`issue.${state}`)}
    </span>
  );
}

export function SeverityChip({ severity }: { severity: Severity }) {
  return (
    <span class={`chip ${severity === "high" ? "tone-danger" : severity === "medium" ? "tone-warn" : ""}`}>
      {t(`severity.${severity}`)}
    </span>
  );
}
