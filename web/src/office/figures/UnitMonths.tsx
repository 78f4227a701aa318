import { useState } from "preact/hooks";
import { listIssues } from "../../api/issues";
import { PAGE_MAX } from "../../api/limits";
import { issueQuery } from "../../api/query";
import type { Page as Paged, UnitIssue } from "../../api/types";
import { t } from "../../texts";
import { serverNow } from "../../time/moment";
import { useCached } from "../../ui/useCached";
import { Fetched } from "../../ui/Notice";
import { monthBegin, monthFigures, monthsUpTo } from "../../unit/months";
import type { MonthFigures } from "../../unit/months";
import { percentOf } from "./rate";

const MONTHS = 6;
/** Answers at most; of more issues the oldest are left out, and that is said. */
const ANSWERS_MAX = 10;
const PARTS = ["total", "onTime", "late", "overdue", "open", "void", "rework", "returned"] as const;

type Counted = Pick<UnitIssue, "released_at" | "state" | "on_time" | "overdue" | "returns" | "round">;

async function gather(unitId: string, from: string | null): Promise<{ items: Counted[]; isCut: boolean }> {
  const items: Counted[] = [];
  let cursor: string | null = null;
  for (let answers = 0; answers < ANSWERS_MAX; answers += 1) {
    const query = issueQuery({ unit_id: unitId, from, limit: PAGE_MAX, cursor });
    const page: Paged<Counted> = (await listIssues(query)) as Paged<Counted>;
    items.push(
      ...page.items.map(({ released_at, state, on_time, overdue, returns, round }) => ({
        released_at,
        state,
        on_time,
        overdue,
        returns,
        round,
      })),
    );
    cursor = page.next_cursor;
    if (cursor === null) return { items, isCut: false };
  }
  return { items, isCut: true };
}

/** A unit's months, as the unit itself has them; read when they are asked for. */
export function UnitMonths({ unitId, isReader }: { unitId: string; isReader: boolean }) {
  const [isOpen, setOpen] = useState(false);
  return (
    <section class="card stack" aria-labelledby="months-title">
      <div class="row-spread">
        <h2 id="months-title">{t("figures.months", { count: MONTHS })}</h2>
        <button type="button" class="button" aria-expanded={isOpen} onClick={() => setOpen(!isOpen)}>
          {t(isOpen ? "figures.hideMonths" : "figures.showMonths")}
        </button>
      </div>
      {isOpen ? <Months unitId={unitId} isReader={isReader} /> : null}
    </section>
  );
}

function Months({ unitId, isReader }: { unitId: string; isReader: boolean }) {
  const months = monthsUpTo(serverNow(), MONTHS);
  const first = months[months.length - 1] ?? "";
  // For the office `from` is when an issue was received, which may be long before its release.
  const list = useCached(`months/${unitId}/${first}`, () => gather(unitId, isReader ? monthBegin(first) : null));
  return (
    <Fetched of={list}>
      {({ items, isCut }) => (
        <>
          {/* biome-ignore lint/a11y/noNoninteractiveTabindex: what scrolls must be reachable by keyboard */}
          <div class="sheet-scroll" tabIndex={0} role="region" aria-labelledby="months-title">
            <table class="figure-table">
              <thead>
                <tr>
                  <th scope="col">{t("figures.month")}</th>
                  {PARTS.map((part) => (
                    <th scope="col" key={part}>
                      {t(`figures.month.${part}`)}
                    </th>
                  ))}
                  <th scope="col">{t("figures.onTime")}</th>
                </tr>
              </thead>
              <tbody>
                {monthFigures(items, months, unitId).map((one) => (
                  <tr key={one.month}>
                    <th scope="row">{one.month}</th>
                    {PARTS.map((part) => (
                      <td key={part}>{one[part]}</td>
                    ))}
                    <td>{rateOf(one)}</td>
                  </tr>
                ))}
              </tbody>
            </table>
          </div>
          {isCut ? <p class="text-warn">{t("figures.monthsCut", { count: items.length })}</p> : null}
          <p class="meta">{t("figures.monthMethod")}</p>
        </>
      )}
    </Fetched>
  );
}

function rateOf({ onTime, late, overdue }: MonthFigures): string {
  const percent = percentOf(onTime, onTime + late + overdue);
  return percent === null ? t("figures.none") : `${percent}%`;
}
