import { useEffect, useRef, useState } from "preact/hooks";
import { asFailure } from "../api/failure";
import type { Failure } from "../api/failure";
import { askForSheet, dropLongJob, listLongJobs, readLongJob, resultAddress } from "../api/longJobs";
import type { LongJob, SheetForm } from "../api/longJobs";
import { reachable } from "../api/request";
import { uuid } from "../session/uuid";
import { t } from "../texts";
import { formatMoment } from "../time/moment";
import { Choices } from "../ui/Choices";
import { FailureNotice } from "../ui/Notice";
import { formOf, keepForm, readForm, SHEET_FORMATS } from "./exportForm";
import { apiQuery } from "./filters";

/** Time between two looks at a job that goes on, in milliseconds. */
const LOOK_MS = 1_000;
/** Results that are shown: the latest ones. */
const SHOWN_MAX = 3;

const isOpen = (job: LongJob) => job.state === "queued" || job.state === "running";

/** The filtered list as a sheet: asked for, followed, downloaded. */
export function ExportPanel({ query }: { query: URLSearchParams }) {
  const [jobs, setJobs] = useState<LongJob[]>([]);
  const [failure, setFailure] = useState<Failure | null>(null);
  const [isBusy, setBusy] = useState(false);
  const [form, setForm] = useState(readForm);
  const choose = (next: SheetForm) => {
    setForm(next);
    keepForm(next);
  };
  const unanswered = useRef<{ wanted: string; id: string } | null>(null);
  const put = (job: LongJob) => setJobs((old) => [job, ...old.filter((other) => other.id !== job.id)]);
  const fail = (cause: unknown) => setFailure(asFailure(cause));

  useEffect(() => {
    listLongJobs().then((all) => {
      const sheets = all.filter((job) => job.kind === "issue-list").slice(0, SHOWN_MAX);
      // One may have been asked for meanwhile.
      setJobs((old) => [...old, ...sheets.filter((job) => !old.some((other) => other.id === job.id))]);
    }, fail);
  }, []);

  // Follows those that go on, also when the panel was closed meanwhile.
  const open = jobs.find(isOpen);
  useEffect(() => {
    if (!open || failure) return;
    let isCurrent = true;
    const timer = setTimeout(() => {
      readLongJob(open.id).then(
        (now) => isCurrent && setJobs((old) => old.map((job) => (job.id === now.id ? now : job))),
        (cause) => isCurrent && fail(cause),
      );
    }, LOOK_MS);
    return () => {
      isCurrent = false;
      clearTimeout(timer);
    };
  }, [open, failure]);

  async function perform(step: () => Promise<void>) {
    setFailure(null);
    setBusy(true);
    try {
      await step();
    } catch (cause) {
      fail(cause);
    } finally {
      setBusy(false);
    }
  }
  const ask = () =>
    perform(async () => {
      const asked = new URLSearchParams(apiQuery(query, 1));
      for (const name of ["limit", "sort"]) asked.delete(name);
      const sheet = formOf(form);
      const wanted = `${sheet.format} ${sheet.pictures} ${asked}`;
      // Under the same id until it is answered, so that a lost answer makes no second job.
      if (unanswered.current?.wanted !== wanted) unanswered.current = { wanted, id: uuid() };
      put(await askForSheet(unanswered.current.id, asked.toString(), sheet));
      unanswered.current = null;
    });
  const drop = (id: string) =>
    perform(async () => {
      await dropLongJob(id);
      setJobs((old) => old.filter((job) => job.id !== id));
    });

  return (
    <section class="card card-tight stack" aria-label={t("export.title")}>
      <p class="meta">{t("export.intro")}</p>
      <Choices
        name="export-format"
        legend={t("export.format")}
        layout="wrap"
        value={form.format}
        onChange={(format) => choose({ ...form, format })}
        options={SHEET_FORMATS.map((value) => ({ value, label: t(`export.${value}`) }))}
      />
      {form.format === "xlsx" ? (
        <label class="tick">
          <input
            type="checkbox"
            checked={form.pictures}
            onChange={(event) => choose({ ...form, pictures: event.currentTarget.checked })}
          />
          {t("export.pictures")}
        </label>
      ) : null}
      <div>
        <button
          type="button"
          class="button button-primary"
          disabled={isBusy || open !== undefined || !reachable.value}
          onClick={() => void ask()}
        >
          {t("export.ask")}
        </button>
      </div>
      {failure ? <FailureNotice failure={failure} onRetry={() => setFailure(null)} /> : null}
      {jobs.map((job) => (
        <div class="wrap export-job" key={job.id}>
          <span role={isOpen(job) ? "status" : undefined}>
            {t(`export.${job.state}`, { done: job.done, total: job.total ?? job.done })}
            <span class="meta">
              {" "}
              {t(`export.${job.format}`)} {"\u00b7"} {formatMoment(job.created_at)}
            </span>
          </span>
          {job.state === "running" ? (
            <progress max={Math.max(1, job.total ?? 1)} value={job.done} aria-label={t("export.title")} />
          ) : null}
          {job.state === "done" ? (
            <a class="button" href={resultAddress(job.id)} download>
              {t("export.download")}
            </a>
          ) : null}
          <button type="button" class="button" disabled={isBusy} onClick={() => void drop(job.id)}>
            {t(isOpen(job) ? "action.cancel" : "export.forget")}
          </button>
        </div>
      ))}
    </section>
  );
}
