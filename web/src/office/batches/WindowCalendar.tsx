import type { Slot, SlotKind } from "../../api/batches";
import { t } from "../../texts";
import { daysOf, isWorked, weekdayOf } from "./days";
import type { WorkDays } from "./days";
import { dayText } from "./look";
import { clockOf, KINDS } from "./planForm";

/** The window of a plan, week by week: which days are worked, and how many slots each has. */
export function WindowCalendar({
  from,
  to,
  slots,
  calendar,
  onToggle,
}: {
  from: string;
  to: string;
  slots: Slot[];
  calendar: WorkDays;
  /** Takes a day out of the plan, or back into it. */
  onToggle?: ((day: string) => void) | undefined;
}) {
  const days = daysOf(from, to);
  if (days.length === 0) return <p class="meta">{t("planForm.noWindow")}</p>;
  const byDay = new Map<string, Slot[]>();
  for (const slot of slots) byDay.set(slot.date, [...(byDay.get(slot.date) ?? []), slot]);
  const first = weekdayOf(days[0] ?? "");
  const cells: (string | null)[] = [...Array.from({ length: first - 1 }, () => null), ...days];
  while (cells.length % 7 > 0) cells.push(null);
  const weeks = Array.from({ length: cells.length / 7 }, (_, at) => cells.slice(at * 7, at * 7 + 7));
  const names = t("planForm.weekdays").split("|");
  return (
    <div class="stack-tight">
      <table class="window">
        <caption class="visually-hidden">{t("planForm.window")}</caption>
        <thead>
          <tr>
            {names.map((name) => (
              <th scope="col" key={name}>
                {name}
              </th>
            ))}
          </tr>
        </thead>
        <tbody>
          {weeks.map((week, at) => (
            <tr key={at}>
              {week.map((day, place) =>
                day === null ? (
                  <td key={`none-${place}`} class="window-none" />
                ) : (
                  <Day
                    key={day}
                    day={day}
                    slots={byDay.get(day) ?? []}
                    isWorkDay={isWorked(day, calendar)}
                    isNamed={calendar.off.includes(day) || calendar.makeup.includes(day)}
                    onToggle={onToggle}
                  />
                ),
              )}
            </tr>
          ))}
        </tbody>
      </table>
      <p class="meta">
        {t("planForm.slotSum", {
          count: slots.length,
          kinds: KINDS.map((kind) =>
            t("planForm.slotsOf", {
              kind: t(`slotKind.${kind}`),
              count: slots.filter((slot) => slot.kind === kind).length,
            }),
          ).join(t("batches.and")),
        })}
      </p>
    </div>
  );
}

const times = (slots: Slot[], kind: SlotKind): string =>
  slots
    .filter((slot) => slot.kind === kind)
    .map((slot) => `${clockOf(slot.from_minute)}–${clockOf(slot.to_minute)}`)
    .join(" ");

function Day({
  day,
  slots,
  isWorkDay,
  isNamed,
  onToggle,
}: {
  day: string;
  slots: Slot[];
  isWorkDay: boolean;
  isNamed: boolean;
  onToggle: ((day: string) => void) | undefined;
}) {
  const kind = t(isWorkDay ? (isNamed ? "window.makeup" : "window.work") : isNamed ? "window.holiday" : "window.off");
  const spoken = `${dayText(day)} ${kind}${t("punctuation.comma")}${
    slots.length === 0
      ? t("window.noSlot")
      : KINDS.filter((one) => slots.some((slot) => slot.kind === one))
          .map((one) => `${t(`slotKind.${one}`)} ${times(slots, one)}`)
          .join(t("batches.and"))
  }`;
  const inside = (
    <>
      <span class="window-day">{Number(day.slice(8))}</span>
      <span class="window-kind">{kind}</span>
      <span class="window-count">{slots.length === 0 ? "–" : t("window.slots", { count: slots.length })}</span>
    </>
  );
  const look = `window-cell ${isWorkDay ? "" : "window-off"} ${slots.length === 0 ? "window-out" : ""}`;
  return (
    <td>
      {onToggle ? (
        <button type="button" class={look} title={spoken} aria-pressed={slots.length > 0} onClick={() => onToggle(day)}>
          {inside}
          <span class="visually-hidden">{spoken}</span>
        </button>
      ) : (
        <span class={look} title={spoken}>
          {inside}
        </span>
      )}
    </td>
  );
}
