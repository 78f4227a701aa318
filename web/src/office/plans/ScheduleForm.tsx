import { useState } from "preact/hooks";
import { asFailure } from "../../api/failure";
import type { Failure } from "../../api/failure";
import { PLANNING_NAME_CHARS_MAX, PROGRESS_MAX, TASK_DAYS_MAX, TASK_NAME_CHARS_MAX } from "../../api/limits";
import { putSchedule } from "../../api/plans";
import type { Assessment, Schedule, ScheduleBody } from "../../api/plans";
import { reference } from "../../session/reference";
import { uuid } from "../../session/uuid";
import { t } from "../../texts";
import { FailureNotice } from "../../ui/Notice";
import { TextField } from "../../ui/TextField";
import { faultAt } from "./fault";
import { forgetTyped, useTyped, useTypedId } from "../../ui/useTyped";

type TaskBody = ScheduleBody["tasks"][number];

const fresh = (): TaskBody => ({ key: uuid(), name: "", days: 5, before: [], progress: 0 });

/** The same tasks with one more, which begins when the last one is done. */
export function withTask(tasks: TaskBody[], task: TaskBody): TaskBody[] {
  const last = tasks.length - 1;
  return [
    ...tasks.map((one, at) => (at === last ? { ...one, before: [...(one.before ?? []), tasks.length] } : one)),
    task,
  ];
}

/** The same tasks without the last one. */
export function withoutLast(tasks: TaskBody[]): TaskBody[] {
  const last = tasks.length - 1;
  return tasks.slice(0, last).map((one) => ({ ...one, before: (one.before ?? []).filter((at) => at !== last) }));
}

function bodyOf(schedule: Schedule): ScheduleBody {
  const { name, assessment_id, end, tasks } = schedule;
  return {
    name,
    assessment_id,
    end,
    tasks: tasks.map(({ key, name: what, unit_id, days, before, progress }) => ({
      key,
      name: what,
      unit_id,
      days,
      before,
      progress,
    })),
  };
}

/** A new schedule, or one that is changed; the progress of its tasks is written here too. */
export function ScheduleForm({
  schedule,
  assessments,
  onKept,
  onCancel,
}: {
  schedule?: Schedule;
  assessments: Assessment[];
  onKept: () => void;
  onCancel: () => void;
}) {
  const form = `schedule/${schedule ? `${schedule.id}/${schedule.version}` : "new"}`;
  const [id] = useTypedId(form, schedule?.id);
  const [body, setBody] = useTyped<ScheduleBody>(
    form,
    "body",
    schedule ? bodyOf(schedule) : { name: "", assessment_id: null, end: "", tasks: [fresh()] },
  );
  const [failure, setFailure] = useState<Failure | null>(null);
  const change = (part: Partial<ScheduleBody>) => setBody({ ...body, ...part });
  const changeTask = (at: number, part: Partial<TaskBody>) =>
    change({ tasks: body.tasks.map((task, place) => (place === at ? { ...task, ...part } : task)) });
  const keep = async (event: Event) => {
    event.preventDefault();
    try {
      await putSchedule(id, body, schedule?.version);
      forgetTyped(form);
      onKept();
    } catch (cause) {
      setFailure(asFailure(cause));
    }
  };
  return (
    <form class="stack" aria-label={t("schedule.add")} onSubmit={(event) => void keep(event)}>
      <div class="wrap">
        <TextField
          id={`name-${id}`}
          label={t("schedule.name")}
          value={body.name}
          max={PLANNING_NAME_CHARS_MAX}
          error={faultAt(failure, "/name")}
          onInput={(name) => change({ name })}
        />
        <TextField
          id={`end-${id}`}
          label={t("schedule.end")}
          hint={t("schedule.dayHint")}
          type="date"
          value={body.end}
          error={faultAt(failure, "/end")}
          onInput={(end) => change({ end })}
        />
        <label class="field">
          <span class="label">{t("schedule.for")}</span>
          <select
            value={body.assessment_id ?? ""}
            onChange={(event) => change({ assessment_id: event.currentTarget.value || null })}
          >
            <option value="">{t("schedule.noFor")}</option>
            {assessments.map((one) => (
              <option key={one.id} value={one.id}>
                {one.name}
              </option>
            ))}
          </select>
        </label>
      </div>
      <fieldset class="stack">
        <legend>{t("schedule.tasks")}</legend>
        {body.tasks.map((task, at) => (
          <div class="wrap plans-task" key={task.key}>
            <TextField
              id={`task-${task.key}`}
              label={`${t("schedule.task")} ${at + 1}`}
              value={task.name}
              max={TASK_NAME_CHARS_MAX}
              error={faultAt(failure, `/tasks/${at}/name`)}
              onInput={(name) => changeTask(at, { name })}
            />
            <TaskNumber
              label={t("schedule.days")}
              value={task.days}
              min={1}
              max={TASK_DAYS_MAX}
              onChange={(days) => changeTask(at, { days })}
            />
            <TaskNumber
              label={t("schedule.progress")}
              value={task.progress ?? 0}
              min={0}
              max={PROGRESS_MAX}
              onChange={(progress) => changeTask(at, { progress })}
            />
            <label class="field">
              <span class="label">{t("schedule.unit")}</span>
              <select
                value={task.unit_id ?? ""}
                onChange={(event) => changeTask(at, { unit_id: event.currentTarget.value || null })}
              >
                <option value="">{t("schedule.noUnit")}</option>
                {reference.value?.units
                  .filter((unit) => unit.active)
                  .map((unit) => (
                    <option key={unit.id} value={unit.id}>
                      {unit.name}
                    </option>
                  ))}
              </select>
            </label>
          </div>
        ))}
        <div class="row">
          <button type="button" class="button" onClick={() => change({ tasks: withTask(body.tasks, fresh()) })}>
            {t("schedule.addTask")}
          </button>
          {body.tasks.length > 1 ? (
            <button type="button" class="button" onClick={() => change({ tasks: withoutLast(body.tasks) })}>
              {t("schedule.removeTask")}
            </button>
          ) : null}
        </div>
      </fieldset>
      {failure ? <FailureNotice failure={failure} /> : null}
      <div class="row">
        <button type="submit" class="button button-primary">
          {t("plans.save")}
        </button>
        <button
          type="button"
          class="button"
          onClick={() => {
            forgetTyped(form);
            onCancel();
          }}
        >
          {t("plans.cancel")}
        </button>
      </div>
    </form>
  );
}

function TaskNumber({
  label,
  value,
  min,
  max,
  onChange,
}: {
  label: string;
  value: number;
  min: number;
  max: number;
  onChange: (value: number) => void;
}) {
  return (
    <label class="field">
      <span class="label">{label}</span>
      <input
        type="number"
        min={min}
        max={max}
        step={1}
        required
        value={value}
        onInput={(event) => onChange(Number(event.currentTarget.value))}
      />
    </label>
  );
}
