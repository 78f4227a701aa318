import type { Bar } from "./meeting";

/** Heights and widths of the drawing. On a projector 1920 wide, three of them stand side by side, 580 wide each. */
const WIDTH = 580;
const ROW = 60;
const BAR = 30;
const LEFT = 258;
const TAIL = 96;
const SCORE_MAX = 100;
/** Letters of a name before it is cut; the table has it whole. */
const NAME_MAX = 9;

const cut = (name: string): string => (name.length > NAME_MAX ? `${name.slice(0, NAME_MAX - 1)}\u2026` : name);

/** One dimension as bars, in letters for the last row of a hall; the table below says the same. */
export function MeetingBars({ bars, label }: { bars: Bar[]; label: string }) {
  const x = (score: number) => ((WIDTH - LEFT - TAIL) * Math.min(SCORE_MAX, Math.max(0, score))) / SCORE_MAX;
  return (
    <svg class="meeting-bars" viewBox={`0 0 ${WIDTH} ${bars.length * ROW}`} role="img" aria-label={label}>
      {bars.map(({ id, name, score, text, rank }, at) => {
        const y = at * ROW + (ROW - BAR) / 2;
        return (
          <g key={id}>
            <text class="meeting-name" x={LEFT - 12} y={y + 24}>
              {`${rank ?? ""} ${cut(name)}`}
            </text>
            <line class="bar-line" x1={LEFT} x2={LEFT} y1={at * ROW} y2={(at + 1) * ROW} />
            {score === null ? (
              <text class="meeting-none" x={LEFT + 10} y={y + 24}>
                {"\u2013"}
              </text>
            ) : (
              <>
                <rect
                  class={rank === 1 ? "meeting-bar meeting-first" : "meeting-bar"}
                  x={LEFT}
                  y={y}
                  width={x(score)}
                  height={BAR}
                />
                <text class="meeting-score" x={LEFT + x(score) + 8} y={y + 24}>
                  {text}
                </text>
              </>
            )}
          </g>
        );
      })}
    </svg>
  );
}
