import { useState } from "preact/hooks";
import { readCalendar } from "../../api/calendar";
import type { Calendar } from "../../api/calendar";
import { asFailure } from "../../api/failure";
import type { Failure } from "../../api/failure";
import { reachable } from "../../api/request";
import { sendSheet } from "../../api/sheets";
import { goInstead, link, route } from "../../router";
import { may } from "../../session/session";
import { t } from "../../texts";
import { formatMoment, serverNow } from "../../time/moment";
import { civilDay } from "../../time/civil";
import { useCached } from "../../ui/useCached";
import { Icon } from "../../ui/Icon";
import { FailureNotice, Fetched, Notice } from "../../ui/Notice";
import { Page } from "../../ui/Page";
import { ImportLink } from "./ReferencePages";
import { HoursForm } from "./HoursForm";
import { saveText, toCsv } from "./sheetText";
import { forgetTyped, useTyped } from "../../ui/useTyped";

type DayKind = "work" | "rest" | "off" | "makeup";
/** What a calendar says of a day. */
type Named = "off" | "makeup" | "usual";
const DAY_MS = 24 * 3_600_000;
const MONTHS = Array.from({ length: 12 }, (_, at) => at + 1);

/** The working days that limits are counted by. */
export function CalendarPage() {
  const calendar = useCached<Calendar>("calendar", readCalendar);
  const today = civilDay(serverNow());
  const year = Number(route.value.query.get("year")) || Number(today.slice(0, 4));
  const to = (next: number) => goInstead(`${link("settings", "calendar")}?year=${next}`);
  return (
    <Page title={t("import.calendar")} back={link("settings")} isWide>
      <div class="stack">
        <ImportLink kind="calendar" />
        <div class="row">
          <button type="button" class="icon-button" aria-label={t("calendar.previous")} onClick={() => to(year - 1)}>
            <Icon name="back" />
          </button>
          <h2 aria-live="polite">{t("calendar.year", { year })}</h2>
          <button type="button" class="icon-button" aria-label={t("calendar.next")} onClick={() => to(year + 1)}>
            <Icon name="next" />
          </button>
        </div>
        <Fetched of={calendar} rows={6}>
          {(body) => (
            <>
              <Year key={`${year}/${body.version}`} body={body} year={year} today={today} onSaved={calendar.reload} />
              {may("manage-reference") ? <HoursForm key={body.version} body={body} onSaved={calendar.reload} /> : null}
            </>
          )}
        </Fetched>
      </div>
    </Page>
  );
}

function Year({ body, year, today, onSaved }: { body: Calendar; year: number; today: string; onSaved: () => void }) {
  /** Days that were clicked, with what they become; `null` while nobody changes anything. */
  const form = `calendar/${body.version}`;
  const [list, setList] = useTyped<[string, Named][] | null>(form, "days", null);
  const changes = list && new Map(list);
  const setChanges = (next: Map<string, Named> | null) => setList(next && [...next]);
  const [failure, setFailure] = useState<Failure | null>(null);
  const [isBusy, setBusy] = useState(false);
  const off = new Set(body.off);
  const makeup = new Set(body.makeup);
  const isWeekend = (day: string) => [0, 6].includes(new Date(`${day}T00:00:00Z`).getUTCDay());
  const namedOf = (day: string): Named =>
    changes?.get(day) ?? (isWeekend(day) && makeup.has(day) ? "makeup" : off.has(day) ? "off" : "usual");
  const kindOf = (day: string): DayKind => {
    const named = namedOf(day);
    return named === "usual" ? (isWeekend(day) ? "rest" : "work") : named;
  };
  const toggle = (day: string) => {
    const next: Named = namedOf(day) !== "usual" ? "usual" : isWeekend(day) ? "makeup" : "off";
    setChanges(new Map(changes ?? []).set(day, next));
  };
  const changed = [...(changes ?? [])].filter(
    ([day, next]) => next !== (isWeekend(day) && makeup.has(day) ? "makeup" : off.has(day) ? "off" : "usual"),
  );
  async function save() {
    setBusy(true);
    setFailure(null);
    try {
      const text = toCsv([["date", "kind"], ...changed]);
      const file = new File([text], "calendar.csv", { type: "text/csv" });
      await sendSheet("calendar", file, false, () => undefined).done;
      setChanges(null);
      forgetTyped(form);
      onSaved();
    } catch (cause) {
      setFailure(asFailure(cause));
    } finally {
      setBusy(false);
    }
  }
  const namedDays = [
    ...body.off.map((day) => [day, "off"] as const),
    ...body.makeup.map((day) => [day, "makeup"] as const),
  ]
    .filter(([day]) => day.startsWith(`${year}-`))
    .sort();
  const days = daysOf(year);
  const worked = days.filter((day) => ["work", "makeup"].includes(kindOf(day))).length;
  const hours = (windows: { from: string; to: string }[]) =>
    windows.map((window) => `${window.from}\u2013${window.to}`).join(t("punctuation.comma"));
  const weekdays = t("calendar.week").split("");
  return (
    <div class="stack-wide">
      <div class="stack-tight">
        <p>{t("calendar.sum", { days: worked, hours: hours(body.windows) })}</p>
        {body.seasons.map((season) => (
          <p class="meta" key={season.from}>
            {t("calendar.season", { from: season.from, to: season.to, hours: hours(season.windows) })}
          </p>
        ))}
        <p class="meta">
          {t("calendar.version", { version: body.version })}
          {body.versions[0] ? `${t("punctuation.dot")}${formatMoment(body.versions[0].created_at)}` : ""}
          {t("punctuation.dot")}
          {t("calendar.kept")}
        </p>
      </div>
      {namedDays.length === 0 ? (
        <Notice tone="warn">
          <p>{t("calendar.noDays")}</p>
        </Notice>
      ) : null}
      <ul class="wrap" aria-hidden="true">
        <li>
          <span class="chip day-work">{t("calendar.legendWork")}</span>
        </li>
        <li>
          <span class="chip day-rest">{t("calendar.legendRest")}</span>
        </li>
        <li>
          <span class="chip day-off">{t("calendar.legendOff")}</span>
        </li>
        <li>
          <span class="chip day-makeup">{t("calendar.legendMakeup")}</span>
        </li>
      </ul>
      {may("manage-reference") ? (
        <div class="stack-tight">
          {changes ? <p class="meta">{t("calendar.editing")}</p> : null}
          {failure ? <FailureNotice failure={failure} /> : null}
          <div class="wrap">
            {changes ? (
              <>
                <button
                  type="button"
                  class="button button-primary"
                  disabled={isBusy || changed.length === 0 || !reachable.value}
                  onClick={() => void save()}
                >
                  {t("calendar.save", { count: changed.length })}
                </button>
                <button type="button" class="button" onClick={() => setChanges(null)}>
                  {t("calendar.cancel")}
                </button>
              </>
            ) : (
              <button type="button" class="button" onClick={() => setChanges(new Map())}>
                {t("calendar.edit")}
              </button>
            )}
          </div>
        </div>
      ) : null}
      <div class="months">
        {MONTHS.map((month) => {
          const own = days.filter((day) => Number(day.slice(5, 7)) === month);
          const blank = (new Date(`${own[0] ?? ""}T00:00:00Z`).getUTCDay() + 6) % 7;
          const cells: (string | null)[] = [...Array.from({ length: blank }, () => null), ...own];
          const weeks = Array.from({ length: Math.ceil(cells.length / 7) }, (_, at) => cells.slice(at * 7, at * 7 + 7));
          return (
            <table class="month" key={month}>
              <caption>{t("calendar.month", { month })}</caption>
              <thead>
                <tr>
                  {weekdays.map((weekday, at) => (
                    <th scope="col" key={at}>
                      {weekday}
                    </th>
                  ))}
                </tr>
              </thead>
              <tbody>
                {weeks.map((week, at) => (
                  <tr key={at}>
                    {week.map((day, place) => (
                      <td key={place}>
                        {day === null ? null : (
                          <Day
                            day={day}
                            kind={kindOf(day)}
                            isToday={day === today}
                            // 1 January is never worked.
                            {...(changes && !day.endsWith("-01-01") ? { onToggle: () => toggle(day) } : {})}
                          />
                        )}
                      </td>
                    ))}
                  </tr>
                ))}
              </tbody>
            </table>
          );
        })}
      </div>
      <details>
        <summary>{t("calendar.list", { count: namedDays.length })}</summary>
        <ul class="stack-tight">
          {namedDays.map(([day, kind]) => (
            <li key={day}>
              {t("calendar.dayLabel", {
                date: day,
                what: t(kind === "off" ? "calendar.legendOff" : "calendar.legendMakeup"),
              })}
            </li>
          ))}
        </ul>
      </details>
      <div class="wrap">
        <button
          type="button"
          class="button"
          onClick={() =>
            saveText(
              `${t("import.calendar")}-${year}.csv`,
              toCsv([["date", "kind"], ...namedDays.map(([day, kind]) => [day, kind])]),
            )
          }
        >
          {t("calendar.download")}
        </button>
      </div>
    </div>
  );
}

function Day({
  day,
  kind,
  isToday,
  onToggle,
}: {
  day: string;
  kind: DayKind;
  isToday: boolean;
  onToggle?: () => void;
}) {
  const mark = kind === "off" || kind === "makeup" ? t(`calendar.${kind}`) : null;
  if (onToggle)
    return (
      <button
        type="button"
        class={`day day-${kind} day-button ${isToday ? "day-today" : ""}`}
        aria-label={day}
        aria-pressed={mark !== null}
        onClick={onToggle}
      >
        {Number(day.slice(8))}
        {mark ? <small>{mark}</small> : null}
      </button>
    );
  return (
    <span class={`day day-${kind} ${isToday ? "day-today" : ""}`} aria-current={isToday ? "date" : undefined}>
      {Number(day.slice(8))}
      {mark ? <small>{mark}</small> : null}
    </span>
  );
}

function daysOf(year: number): string[] {
  const days: string[] = [];
  for (let at = Date.UTC(year, 0, 1); at < Date.UTC(year + 1, 0, 1); at += DAY_MS)
    days.push(new Date(at).toISOString().slice(0, 10));
  return days;
}
