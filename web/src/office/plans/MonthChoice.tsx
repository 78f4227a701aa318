import { t } from "../../texts";
import { civil, serverNow } from "../../time/moment";
import { monthText } from "../../time/monthText";

/** Months that can be chosen. */
const COUNT = 12;

const written = (year: number, month: number) => `${year}-${String(month + 1).padStart(2, "0")}`;

export function presentMonth(): string {
  const now = civil(serverNow());
  return written(now.getUTCFullYear(), now.getUTCMonth());
}

/** The last twelve months, the present one first. */
export function lastMonths(present: string): string[] {
  const count = Number(present.slice(0, 4)) * 12 + Number(present.slice(5)) - 1;
  return Array.from({ length: COUNT }, (_, back) => written(Math.floor((count - back) / 12), (count - back) % 12));
}

export function MonthChoice({ month, onChange }: { month: string; onChange: (month: string) => void }) {
  return (
    <label class="field plans-month no-print">
      <span class="label">{t("plans.month")}</span>
      <select value={month} onChange={(event) => onChange(event.currentTarget.value)}>
        {lastMonths(presentMonth()).map((one) => (
          <option key={one} value={one}>
            {monthText(one)}
          </option>
        ))}
      </select>
    </label>
  );
}
