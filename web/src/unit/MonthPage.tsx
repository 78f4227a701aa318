import { listIssues } from "../api/issues";
import { PAGE_MAX } from "../api/limits";
import { issueQuery } from "../api/query";
import type { Page as Paged, UnitIssue } from "../api/types";
import { link } from "../router";
import { may, session } from "../session/session";
import { addTexts, t } from "../texts";
import { zhMonth } from "../texts/zh/month";
import { formatMoment, serverNow } from "../time/moment";
import { useCached } from "../ui/useCached";
import { Fetched } from "../ui/Notice";
import { Page } from "../ui/Page";
import { monthBegin, monthFigures, monthsUpTo, onTimePercent } from "./months";
import type { MonthFigures } from "./months";
import "./month.css";
import "../texts/withForms";

addTexts(zhMonth);

const MONTHS = 6;
/** Maximum number of responses; beyond it the oldest issues are left out, and the page says so. */
const ANSWERS_MAX = 10;
const PARTS = ["onTime", "late", "overdue", "open", "void"] as const;

interface Gathered {
  items: UnitIssue[];
  isCut: boolean;
}

async function gather(from: string): Promise<Gathered> {
  const items: UnitIssue[] = [];
  let cursor: string | null = null;
  for (let answers = 0; answers < ANSWERS_MAX; answers += 1) {
    const page: Paged<UnitIssue> = (await listIssues(
      issueQuery({ from, limit: PAGE_MAX, cursor }),
    )) as Paged<UnitIssue>;
    items.push(...page.items);
    cursor = page.next_cursor;
    if (cursor === null) return { items, isCut: false };
  }
  return { items, isCut: true };
}

/** The unit's own results, by the month in which issues were handed over. */
export function MonthPage() {
  const months = monthsUpTo(serverNow(), MONTHS);
  const first = months[months.length - 1] ?? "";
  const list = useCached<Gathered>(`months/${first}`, () => gather(monthBegin(first)));
  return (
    <Page
      title={t("month.title")}
      back={link("all")}
      aside={
        may("read-months") ? (
          <a class="button" href={link("months")}>
            {t("month.scores")}
          </a>
        ) : null
      }
    >
      <Fetched of={list}>
        {({ items, isCut }) => {
          const figures = monthFigures(items, months, session.value?.unit?.id ?? session.value?.user.unit_id ?? null);
          const [now] = figures;
          const percent = now ? onTimePercent(now) : null;
          return (
            <div class="stack-wide">
              {now ? (
                <section class="card stack-tight" aria-labelledby="month-now">
                  <h2 id="month-now">{t("month.now", { month: Number(now.month.slice(5)) })}</h2>
                  <p>{t("month.sum", { total: now.total, onTime: now.onTime, overdue: now.overdue })}</p>
                  <p>
                    <span class="figure">{percent === null ? t("month.noRate") : `${percent}%`}</span>{" "}
                    <span class="meta">{t("month.rate")}</span>
                  </p>
                </section>
              ) : null}
              <section class="card stack" aria-labelledby="month-chart">
                <h2 id="month-chart">{t("month.chart", { count: MONTHS })}</h2>
                <Chart figures={[...figures].reverse()} />
              </section>
              <Table figures={figures} />
              {isCut ? <p class="text-warn">{t("month.cut", { count: items.length })}</p> : null}
              <div class="stack-tight meta">
                <p>{t("month.method")}</p>
                {list.at === null ? null : <p>{t("month.countedAt", { at: formatMoment(list.at) })}</p>}
              </div>
            </div>
          );
        }}
      </Fetched>
    </Page>
  );
}

const HEIGHT = 150;
const COLUMN = 52;

/** A stacked bar for each month; the table below has the same figures. */
function Chart({ figures }: { figures: MonthFigures[] }) {
  const most = Math.max(1, ...figures.map((one) => one.total));
  const width = figures.length * COLUMN;
  return (
    <>
      <svg class="month-chart" viewBox={`0 0 ${width} ${HEIGHT + 44}`} role="img" aria-label={t("month.chartLabel")}>
        <line x1="0" y1={HEIGHT + 20} x2={width} y2={HEIGHT + 20} class="month-axis" />
        {figures.map((one, at) => {
          let top = HEIGHT + 20;
          return (
            <g key={one.month}>
              {PARTS.map((part) => {
                const height = (one[part] / most) * HEIGHT;
                top -= height;
                return height === 0 ? null : (
                  <g key={part}>
                    <rect class={`month-${part}`} x={at * COLUMN + 8} y={top} width={COLUMN - 16} height={height}>
                      <title>{`${t(`month.${part}`)} ${one[part]}`}</title>
                    </rect>
                    {height >= 16 ? (
                      <text class="month-in" x={at * COLUMN + COLUMN / 2} y={top + height / 2 + 4}>
                        {one[part]}
                      </text>
                    ) : null}
                  </g>
                );
              })}
              <text class="month-total" x={at * COLUMN + COLUMN / 2} y={top - 5}>
                {one.total}
              </text>
              <text class="month-name" x={at * COLUMN + COLUMN / 2} y={HEIGHT + 36}>
                {t("month.short", { month: Number(one.month.slice(5)) })}
              </text>
            </g>
          );
        })}
      </svg>
      <ul class="month-legend">
        {PARTS.map((part) => (
          <li key={part}>
            <svg viewBox="0 0 12 12" aria-hidden="true">
              <rect class={`month-${part}`} width="12" height="12" />
            </svg>
            {t(`month.${part}`)}
          </li>
        ))}
      </ul>
    </>
  );
}

function Table({ figures }: { figures: MonthFigures[] }) {
  return (
    // biome-ignore lint/a11y/noNoninteractiveTabindex: what scrolls must be reachable by keyboard
    <div class="month-scroll" tabIndex={0} role="region" aria-label={t("month.table")}>
      <table class="month-table">
        <caption class="visually-hidden">{t("month.table")}</caption>
        <thead>
          <tr>
            <th scope="col">{t("month.month")}</th>
            <th scope="col">{t("month.total")}</th>
            {PARTS.map((part) => (
              <th scope="col" key={part}>
                {t(`month.${part}`)}
              </th>
            ))}
            <th scope="col">{t("month.rework")}</th>
            <th scope="col">{t("month.returned")}</th>
            <th scope="col">{t("month.rate")}</th>
          </tr>
        </thead>
        <tbody>
          {figures.map((one) => {
            const percent = onTimePercent(one);
            return (
              <tr key={one.month}>
                <th scope="row">
                  {t("month.whole", { year: one.month.slice(0, 4), month: Number(one.month.slice(5)) })}
                </th>
                <td>{one.total}</td>
                {PARTS.map((part) => (
                  <td key={part}>{one[part]}</td>
                ))}
                <td>{one.rework}</td>
                <td>{one.returned}</td>
                <td>{percent === null ? "\u2013" : `${percent}%`}</td>
              </tr>
            );
          })}
        </tbody>
      </table>
    </div>
  );
}
