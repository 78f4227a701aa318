import type { RankedUnit } from "../api/months";
import { textSize } from "../session/preferences";
import { t } from "../texts";
import { isWide } from "../ui/isWide";

/** Height of a bar, and what lies between bars. */
const BAR = 16;
const GAP = 12;
const SCORE_MAX = 100;
/** Marks of the scale, in points. */
const MARKS = [0, 20, 40, 60, 80, 100];
const FOOT = 20;
/** Width kept for the score behind the bar. */
const TAIL = 52;
/** Letters of a name before it is cut; the table has it whole. */
const NAME_MAX = 11;

const cut = (name: string): string => (name.length > NAME_MAX ? `${name.slice(0, NAME_MAX - 1)}\u2026` : name);

/** The scores as bars; the table beside it says the same, so that a reader of the screen hears a name only. */
export function Bars({ units, label }: { units: RankedUnit[]; label: string }) {
  const isRoomy = isWide("720px");
  const left = isRoomy ? 168 : 4;
  const top = isRoomy ? 0 : 18;
  // A narrower drawing is shown larger: letters as large as those of the page.
  const width = (isRoomy ? 640 : 328) * (textSize.value === "m" ? 1 : 0.75);
  const row = top + BAR + GAP;
  const height = units.length * row;
  const x = (score: number) => left + ((width - left - TAIL) * Math.min(SCORE_MAX, Math.max(0, score))) / SCORE_MAX;
  return (
    <svg class="month-bars" viewBox={`0 0 ${width} ${height + FOOT}`} role="img" aria-label={label}>
      {MARKS.map((mark) => (
        <g key={mark}>
          <line class="bar-line" x1={x(mark)} x2={x(mark)} y1={0} y2={height} />
          <text class="bar-mark" x={x(mark)} y={height + 14}>
            {mark}
          </text>
        </g>
      ))}
      {units.map((unit, at) => {
        const score = Number(unit.score);
        const y = at * row + GAP / 2;
        const words = unit.listed === "neither" ? "" : ` ${t(`listed.${unit.listed}`)}`;
        return (
          <g key={unit.unit_id}>
            <title>{`${unit.rank} ${unit.name} ${unit.score}${words}`}</title>
            <text class={isRoomy ? "bar-name" : "bar-name bar-above"} x={isRoomy ? left - 8 : left} y={y + 13}>
              {`${unit.rank} ${cut(unit.name)}${isRoomy ? "" : words}`}
            </text>
            <rect
              class={`score-bar score-bar-${unit.listed}`}
              x={left}
              y={y + top}
              width={x(score) - left}
              height={BAR}
            />
            <text class="bar-score" x={x(score) + 6} y={y + top + 13}>
              {unit.score}
            </text>
          </g>
        );
      })}
    </svg>
  );
}
