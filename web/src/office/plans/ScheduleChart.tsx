import type { Schedule, Task } from "../../api/plans";
import { t } from "../../texts";
import { isWide } from "../../ui/isWide";

const ROW = 34;
const TOP = 22;
const DAY_MS = 86_400_000;

const dayOf = (day: string): number => Date.parse(`${day}T00:00:00Z`) / DAY_MS;
const short = (day: string) => `${Number(day.slice(5, 7))}/${Number(day.slice(8))}`;

/** Where the days of a schedule stand on a line of this length. */
export function scaleOf(schedule: Pick<Schedule, "tasks" | "end" | "today">, left: number, width: number) {
  const days = [...schedule.tasks.flatMap((task) => [task.latest_start, task.latest_finish]), schedule.end];
  const first = Math.min(...days.map(dayOf));
  const last = Math.max(...days.map(dayOf), first + 1);
  const at = (day: string) => left + ((dayOf(day) - first) / (last - first)) * (width - left - 8);
  const today = dayOf(schedule.today);
  return { at, hasToday: today >= first && today <= last };
}

/** The tasks as bars from their latest start to their latest finish, with what is done. The table says the same. */
export function ScheduleChart({ schedule }: { schedule: Schedule }) {
  const isRoomy = isWide("720px");
  const [width, left, size] = isRoomy ? [900, 190, 13] : [360, 92, 11];
  const height = TOP + schedule.tasks.length * ROW + 8;
  const { at, hasToday } = scaleOf(schedule, left, width);
  const longest = isRoomy ? 13 : 7;
  const name = (task: Task) => (task.name.length > longest ? `${task.name.slice(0, longest - 1)}…` : task.name);
  return (
    <svg class="schedule-chart" viewBox={`0 0 ${width} ${height}`} role="img" aria-label={t("schedule.chart")}>
      {schedule.tasks.map((task, place) => {
        const [from, to, y] = [at(task.latest_start), at(task.latest_finish), TOP + place * ROW];
        const long = Math.max(3, to - from);
        return (
          <g key={task.key}>
            <title>{`${task.name} ${task.latest_start} – ${task.latest_finish} ${t(`light.${task.light}`)}`}</title>
            <text x={left - 8} y={y + 16} text-anchor="end" font-size={size}>
              {name(task)}
            </text>
            <rect class={`bar-${task.light}`} x={from} y={y + 4} width={long} height={16} rx={3} />
            <rect class="bar-progress" x={from} y={y + 15} width={(long * task.progress) / 100} height={5} />
            <text class="bar-day" x={from} y={y + 31} font-size={size - 2}>
              {short(task.latest_start)}
            </text>
            <text class="bar-day" x={to} y={y + 31} font-size={size - 2} text-anchor="end">
              {long > 60 ? short(task.latest_finish) : ""}
            </text>
          </g>
        );
      })}
      {hasToday ? (
        <g>
          <line class="bar-today" x1={at(schedule.today)} x2={at(schedule.today)} y1={TOP - 4} y2={height} />
          <text x={at(schedule.today)} y={TOP - 8} font-size={size} text-anchor="middle">
            {t("schedule.today")}
          </text>
        </g>
      ) : null}
      <text x={at(schedule.end) + 4} y={TOP - 8} font-size={size} text-anchor="end">
        {t("schedule.end")}
      </text>
      <line class="bar-end" x1={at(schedule.end)} x2={at(schedule.end)} y1={TOP - 4} y2={height} />
    </svg>
  );
}
