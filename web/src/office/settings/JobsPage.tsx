import { useState } from "preact/hooks";
import { listStuckJobs, retryJob } from "../../api/jobs";
import type { StuckJob } from "../../api/jobs";
import { asFailure } from "../../api/failure";
import type { Failure } from "../../api/failure";
import { reachable } from "../../api/request";
import { link } from "../../router";
import { t } from "../../texts";
import { formatMoment } from "../../time/moment";
import { useCached } from "../../ui/useCached";
import { FailureNotice, Fetched, Notice } from "../../ui/Notice";
import { Page } from "../../ui/Page";
import { Table } from "./Table";

/** Background work that was set aside after its last try. */
export function JobsPage() {
  const jobs = useCached<StuckJob[]>("jobs/stuck", listStuckJobs);
  const [failure, setFailure] = useState<Failure | null>(null);
  const [note, setNote] = useState<string | null>(null);
  async function retry(id: string) {
    setFailure(null);
    try {
      await retryJob(id);
      setNote(t("jobs.retried"));
      jobs.reload();
    } catch (cause) {
      setFailure(asFailure(cause));
    }
  }
  return (
    <Page
      title={t("settings.jobs")}
      back={link("settings")}
      isWide
      aside={
        <button type="button" class="button" onClick={jobs.reload}>
          {t("action.refresh")}
        </button>
      }
    >
      <div class="stack">
        <p class="meta">{t("jobs.intro")}</p>
        {failure ? <FailureNotice failure={failure} /> : null}
        {note ? (
          <Notice tone="success" role="status">
            <p>{note}</p>
          </Notice>
        ) : null}
        <Fetched of={jobs}>
          {(all) => (
            <Table
              caption={t("settings.jobs")}
              rows={all}
              keyOf={(job) => job.id}
              empty={t("jobs.empty")}
              columns={[
                {
                  label: t("jobs.kind"),
                  cell: (job) => <strong>{job.kind ? t(`job.${job.kind}`) : t("jobs.unknown")}</strong>,
                },
                { label: t("jobs.since"), cell: (job) => (job.stuck_at ? formatMoment(job.stuck_at) : null) },
                { label: t("jobs.why"), cell: (job) => <code lang="en">{job.last_error ?? ""}</code> },
                {
                  label: t("jobs.do"),
                  cell: (job) => (
                    <button type="button" class="button" disabled={!reachable.value} onClick={() => void retry(job.id)}>
                      {t("jobs.retry")}
                    </button>
                  ),
                },
              ]}
            />
          )}
        </Fetched>
      </div>
    </Page>
  );
}
