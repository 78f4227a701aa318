import { useState } from "preact/hooks";
import { PAGE_MAX } from "../../api/limits";
import { listAssessments, readSchedules } from "../../api/plans";
import type { Assessment, Light, Schedule } from "../../api/plans";
import { campaignOf } from "./campaign";
import { unitOf } from "../../session/reference";
import { may } from "../../session/session";
import { t } from "../../texts";
import { formatDay } from "../../time/moment";
import { monthText } from "../../time/monthText";
import { Fetched } from "../../ui/Notice";
import { useCached } from "../../ui/useCached";
import { AssessmentForm } from "./AssessmentForm";
import { ScheduleChart } from "./ScheduleChart";
import { ScheduleForm } from "./ScheduleForm";
import { WithdrawButton } from "./WithdrawButton";

export const LIGHT_TONES: Record<Light, string> = {
  green: "tone-success",
  yellow: "tone-warn",
  red: "tone-danger",
  done: "",
};
const noon = (day: string) => `${day}T04:00:00Z`;
/** Beside the word and the colour, a sign: on paper and for those who see no colours. */
const SIGNS: Record<Light, string> = { green: "●", yellow: "▲", red: "!", done: "✓" };

/** The countdown to outside assessments, and the schedules that are counted back from their ends. */
export function ScheduleSection() {
  const mayWrite = may("manage-planning");
  const assessments = useCached<Assessment[]>("assessments", listAssessments);
  const schedules = useCached<Schedule[]>("schedules", async () => (await readSchedules({ limit: PAGE_MAX })).items);
  const [isAdding, setAdding] = useState<"assessment" | "schedule" | null>(null);
  const done = (reload: () => void) => () => {
    setAdding(null);
    reload();
  };
  return (
    <div class="stack-wide">
      <section class="card stack" aria-labelledby="countdown-title">
        <h2 id="countdown-title">{t("assessment.title")}</h2>
        <Fetched of={assessments} rows={2}>
          {(all) =>
            all.length === 0 ? <p>{t("assessment.empty")}</p> : <Countdown all={all} onKept={assessments.reload} />
          }
        </Fetched>
        {!mayWrite ? null : isAdding === "assessment" ? (
          <AssessmentForm onKept={done(assessments.reload)} onCancel={() => setAdding(null)} />
        ) : (
          <div>
            <button type="button" class="button" onClick={() => setAdding("assessment")}>
              {t("assessment.add")}
            </button>
          </div>
        )}
      </section>
      <Fetched of={schedules} rows={6}>
        {(all) => (
          <div class="stack-wide">
            {all.length === 0 ? <p class="empty">{t("schedule.empty")}</p> : null}
            {all.map((schedule) => (
              <OneSchedule
                key={`${schedule.id} ${schedule.version}`}
                schedule={schedule}
                assessments={assessments.body ?? []}
                onKept={schedules.reload}
              />
            ))}
          </div>
        )}
      </Fetched>
      {!mayWrite ? null : isAdding === "schedule" ? (
        <section class="card stack">
          <h2>{t("schedule.add")}</h2>
          <ScheduleForm
            assessments={assessments.body ?? []}
            onKept={done(schedules.reload)}
            onCancel={() => setAdding(null)}
          />
        </section>
      ) : (
        <div>
          <button type="button" class="button" onClick={() => setAdding("schedule")}>
            {t("schedule.add")}
          </button>
        </div>
      )}
    </div>
  );
}

function Countdown({ all, onKept }: { all: Assessment[]; onKept: () => void }) {
  const [edited, setEdited] = useState<string | null>(null);
  const mayWrite = may("manage-planning");
  return (
    <ul class="countdown">
      {all.map((one) =>
        one.id === edited ? (
          <li key={`${one.id} ${one.version}`}>
            <AssessmentForm
              assessment={one}
              onKept={() => {
                setEdited(null);
                onKept();
              }}
              onCancel={() => setEdited(null)}
            />
          </li>
        ) : (
          <li key={one.id}>
            <strong lang="zh-CN">{one.name}</strong>
            <span class={one.months_left === null ? "meta" : "chip tone-info"} lang="zh-CN">
              {one.countdown ?? t("assessment.over")}
            </span>
            <span class="meta">
              {campaignOf(one.campaign)}
              {t("punctuation.dot")}
              {t(`assessment.${one.kind}`)}
              {t("punctuation.dot")}
              {one.from === one.to ? monthText(one.from) : `${monthText(one.from)} – ${monthText(one.to)}`}
            </span>
            {mayWrite ? (
              <span class="wrap countdown-do">
                <button type="button" class="button button-plain no-print" onClick={() => setEdited(one.id)}>
                  {t("assessment.edit")}
                </button>
                <WithdrawButton kind="assessments" of={one} onGone={onKept} />
              </span>
            ) : null}
          </li>
        ),
      )}
    </ul>
  );
}

function OneSchedule({
  schedule,
  assessments,
  onKept,
}: {
  schedule: Schedule;
  assessments: Assessment[];
  onKept: () => void;
}) {
  const [isEdited, setEdited] = useState(false);
  return (
    <section class="card stack schedule" aria-labelledby={`schedule-${schedule.id}`}>
      <h2 id={`schedule-${schedule.id}`} lang="zh-CN">
        {schedule.name}
      </h2>
      <p class="meta">{t("schedule.buffer", { end: formatDay(noon(schedule.end)), days: schedule.buffer_days })}</p>
      {schedule.days_short > 0 ? <p class="text-danger">{t("schedule.short", { days: schedule.days_short })}</p> : null}
      <ScheduleChart schedule={schedule} />
      {/* biome-ignore lint/a11y/noNoninteractiveTabindex: what scrolls must be reachable by keyboard */}
      <div class="sheet-scroll" tabIndex={0} role="region" aria-label={t("schedule.table")}>
        <table class="figure-table text-2 text-7">
          <caption class="visually-hidden">{t("schedule.table")}</caption>
          <thead>
            <tr>
              {(
                [
                  "schedule.task",
                  "schedule.light",
                  "schedule.progress",
                  "schedule.days",
                  "schedule.start",
                  "schedule.finish",
                  "schedule.unit",
                ] as const
              ).map((key) => (
                <th scope="col" key={key}>
                  {t(key)}
                </th>
              ))}
            </tr>
          </thead>
          <tbody>
            {schedule.tasks.map((task) => (
              <tr key={task.key}>
                <th scope="row" lang="zh-CN">
                  {task.name}
                </th>
                <td>
                  <span class={`chip ${LIGHT_TONES[task.light]}`}>
                    <span class="light-sign" aria-hidden="true">
                      {SIGNS[task.light]}
                    </span>
                    {t(`light.${task.light}`)}
                  </span>
                </td>
                <td>{task.progress}</td>
                <td>{task.days}</td>
                <td>{formatDay(noon(task.latest_start))}</td>
                <td>{formatDay(noon(task.latest_finish))}</td>
                <td lang="zh-CN">{unitOf(task.unit_id)?.name ?? t("schedule.noUnit")}</td>
              </tr>
            ))}
          </tbody>
        </table>
      </div>
      {!may("manage-planning") ? null : isEdited ? (
        <ScheduleForm
          schedule={schedule}
          assessments={assessments}
          onKept={() => {
            setEdited(false);
            onKept();
          }}
          onCancel={() => setEdited(false)}
        />
      ) : (
        <div class="wrap">
          <button type="button" class="button" onClick={() => setEdited(true)}>
            {t("schedule.edit")}
          </button>
          <WithdrawButton kind="schedules" of={schedule} onGone={onKept} />
        </div>
      )}
    </section>
  );
}
