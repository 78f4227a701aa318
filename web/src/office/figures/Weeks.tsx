import type { Week } from "../../api/figures";
import { t } from "../../texts";
import { formatDay } from "../../time/moment";
import { isWide } from "../../ui/isWide";
import { figureLink } from "./links";
import type { Scope, SpanFigure } from "./links";
import { scaleTo } from "./scale";

/** The bars of a week, in their order. */
const BARS = ["entered", "closed", "late"] as const satisfies SpanFigure[];
/** Figures of the table: the bars, and what they are compared with. */
const COLUMNS = ["entered", "closed", "due", "on_time", "late"] as const satisfies SpanFigure[];

const HEIGHT = 180;
const TOP = 18;
const FOOT = 24;
const LEFT = 32;

const noon = (day: string) => `${day}T04:00:00Z`;
const short = (day: string) => `${Number(day.slice(5, 7))}/${Number(day.slice(8))}`;

/** What was received, closed and not in time, week by week: as bars, and beside them as a table of links. */
export function Weeks({ weeks, scope, isReader }: { weeks: Week[]; scope: Scope; isReader: boolean }) {
  const words = (figure: SpanFigure) => t(figure === "entered" && isReader ? "figures.released" : `figures.${figure}`);
  return (
    <section class="card stack" aria-labelledby="weeks-title">
      <h2 id="weeks-title">{t("figures.weeks", { count: weeks.length })}</h2>
      <div class="weeks">
        <div class="stack-tight">
          <Bars weeks={weeks} words={words} />
          <ul class="weeks-legend">
            {BARS.map((figure) => (
              <li key={figure}>
                <svg viewBox="0 0 12 12" aria-hidden="true">
                  <rect class={`week-${figure}`} width="12" height="12" />
                </svg>
                {words(figure)}
              </li>
            ))}
          </ul>
        </div>
        {/* biome-ignore lint/a11y/noNoninteractiveTabindex: what scrolls must be reachable by keyboard */}
        <div class="sheet-scroll" tabIndex={0} role="region" aria-label={t("figures.weekTable")}>
          <table class="figure-table">
            <caption class="visually-hidden">{t("figures.weekTable")}</caption>
            <thead>
              <tr>
                <th scope="col">{t("figures.week")}</th>
                {COLUMNS.map((figure) => (
                  <th scope="col" key={figure}>
                    {words(figure)}
                  </th>
                ))}
              </tr>
            </thead>
            <tbody>
              {[...weeks].reverse().map((week, at) => (
                <tr key={week.from}>
                  <th scope="row">{at === 0 ? t("figures.thisWeek") : formatDay(noon(week.from))}</th>
                  {COLUMNS.map((figure) => (
                    <td key={figure}>
                      <a href={figureLink(figure, week, scope)}>{week[figure]}</a>
                    </td>
                  ))}
                </tr>
              ))}
            </tbody>
          </table>
        </div>
      </div>
    </section>
  );
}

/** The table says the same, so that a reader of the screen hears a name only. */
function Bars({ weeks, words }: { weeks: Week[]; words: (figure: SpanFigure) => string }) {
  const isRoomy = isWide("720px");
  const column = isRoomy ? 76 : 38;
  const bar = isRoomy ? 20 : 10;
  const width = LEFT + weeks.length * column;
  const { end, marks } = scaleTo(Math.max(...weeks.flatMap((week) => BARS.map((figure) => week[figure]))));
  const y = (value: number) => TOP + HEIGHT * (1 - value / end);
  return (
    <svg
      class="week-chart"
      viewBox={`0 0 ${width} ${TOP + HEIGHT + FOOT}`}
      role="img"
      aria-label={t("figures.weekChart")}
    >
      {marks.map((mark) => (
        <g key={mark}>
          <line class="week-line" x1={LEFT} x2={width} y1={y(mark)} y2={y(mark)} />
          <text class="week-mark" x={LEFT - 6} y={y(mark) + 4}>
            {mark}
          </text>
        </g>
      ))}
      {weeks.map((week, at) => {
        const left = LEFT + at * column + (column - bar * BARS.length) / 2;
        return (
          <g key={week.from}>
            {BARS.map((figure, place) => {
              const value = week[figure];
              return value === 0 ? null : (
                <g key={figure}>
                  <rect
                    class={`week-${figure}`}
                    x={left + place * bar}
                    y={y(value)}
                    width={bar - 1}
                    height={TOP + HEIGHT - y(value)}
                  >
                    <title>{`${short(week.from)} ${words(figure)} ${value}`}</title>
                  </rect>
                  {isRoomy ? (
                    <text x={left + place * bar + bar / 2} y={y(value) - 4}>
                      {value}
                    </text>
                  ) : null}
                </g>
              );
            })}
            <text class="week-name" x={LEFT + at * column + column / 2} y={TOP + HEIGHT + 16}>
              {short(week.from)}
            </text>
          </g>
        );
      })}
    </svg>
  );
}
