import type { BatchEvent } from "../../api/batches";
import { t } from "../../texts";
import { formatMoment } from "../../time/moment";

/** The record of a batch: every step, by whom and when, which nobody can change. */
export function RecordSection({ events }: { events: BatchEvent[] }) {
  return (
    <section class="card stack" aria-labelledby="record-title">
      <h2 id="record-title">{t("batches.record")}</h2>
      <ol class="batch-record">
        {events.map((event) => (
          <li key={event.version}>
            <strong>{t(`batchDone.${event.action}`)}</strong>
            <span class="meta">
              {formatMoment(event.at)}
              {t("punctuation.dot")}
              <span lang="zh-CN">{event.by?.display_name ?? t("batches.byService")}</span>
            </span>
            {event.reason ? <span lang="zh-CN">{event.reason}</span> : null}
          </li>
        ))}
      </ol>
    </section>
  );
}
