import { useState } from "preact/hooks";
import { reachable } from "../api/request";
import { listOwnFixes, noteHeld } from "../api/selfReports";
import type { OwnFix } from "../api/selfReports";
import type { Page as Paged } from "../api/types";
import { useSending } from "../months/useStep";
import { link } from "../router";
import { itemOf } from "../session/reference";
import { faultTitle, t } from "../texts";
import { formatDay } from "../time/moment";
import { Empty, FailureNotice, Fetched } from "../ui/Notice";
import { usePages } from "../ui/issuePages";
import { MoreRows } from "../ui/MoreRows";
import { useCached } from "../ui/useCached";
import { ReportForm } from "./ReportForm";

/** The unit's own look-back 自查回头看: voluntary, and what has come back is reported as found by itself. */
export function OwnLookBack() {
  const first = useCached<Paged<OwnFix & { id: string }>>("own-fixes", () => withIds(null));
  const pages = usePages<OwnFix & { id: string }>("own-fixes", first, (from) => withIds(from), 50);
  return (
    <div class="stack">
      <p class="meta">{t("self.lookIntro")}</p>
      <Fetched of={first}>
        {() =>
          pages.rows.length === 0 ? (
            <Empty>{t("self.lookNone")}</Empty>
          ) : (
            <div class="stack">
              <ul class="stack cards">
                {pages.rows.map((fix) => (
                  <li key={fix.id} id={`row-${fix.id}`}>
                    <FixCard of={fix} onChange={first.reload} />
                  </li>
                ))}
              </ul>
              {pages.hasMore ? <MoreRows of={pages} /> : null}
            </div>
          )
        }
      </Fetched>
    </div>
  );
}

async function withIds(cursor: string | null): Promise<Paged<OwnFix & { id: string }>> {
  const page = await listOwnFixes(cursor);
  return { ...page, items: page.items.map((fix) => ({ ...fix, id: fix.issue_id })) };
}

function FixCard({ of, onChange }: { of: OwnFix; onChange: () => void }) {
  const [isAgain, setAgain] = useState(false);
  const { isBusy, failure, send } = useSending(onChange);
  return (
    <section class="card stack-tight" aria-label={of.number ?? ""}>
      <p class="row-spread">
        <strong class="grow" lang="zh-CN">
          {of.point_name}
        </strong>
        <span class="meta">{t("self.closedOn", { day: formatDay(of.closed_on) })}</span>
      </p>
      <p lang="zh-CN">{faultTitle(itemOf(of.item_code)) || of.item_code}</p>
      <p>
        <a class="tap" href={link("issue", of.issue_id)}>
          {of.number}
        </a>
      </p>
      {of.looked_on ? <p class="text-success">{t("self.lookedOn", { day: formatDay(of.looked_on) })}</p> : null}
      {of.self_report_id ? <p class="text-warn">{t("self.reportedAgain")}</p> : null}
      {isAgain ? (
        <ReportForm
          again={of}
          onDone={() => {
            setAgain(false);
            onChange();
          }}
        />
      ) : null}
      {failure ? <FailureNotice failure={failure} /> : null}
      <p class="row wrap">
        {isAgain ? (
          <button type="button" class="button" onClick={() => setAgain(false)}>
            {t("self.cancel")}
          </button>
        ) : (
          <>
            <button
              type="button"
              class="button"
              disabled={isBusy || !reachable.value}
              onClick={() => void send(() => noteHeld(of.issue_id))}
            >
              {t("self.held")}
            </button>
            {of.self_report_id ? null : (
              <button type="button" class="button" onClick={() => setAgain(true)}>
                {t("self.again")}
              </button>
            )}
          </>
        )}
      </p>
    </section>
  );
}
