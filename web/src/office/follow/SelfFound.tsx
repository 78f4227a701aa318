import { useState } from "preact/hooks";
import { REASON_CHARS_MAX } from "../../api/limits";
import { reachable } from "../../api/request";
import { decideSelfReport, listSelfReports } from "../../api/selfReports";
import type { SelfReport, SelfReportState } from "../../api/selfReports";
import type { Page as Paged } from "../../api/types";
import { faultAt } from "../../months/fault";
import { useSending } from "../../months/useStep";
import { go, link, route } from "../../router";
import { ReportCard } from "../../selfFound/ReportCard";
import { t } from "../../texts";
import { usePages } from "../../ui/issuePages";
import { MoreRows } from "../../ui/MoreRows";
import { Empty, FailureNotice, Fetched } from "../../ui/Notice";
import { TextField } from "../../ui/TextField";
import { useCached } from "../../ui/useCached";
import "../../selfFound/selfFound.css";
import "../../selfFound/words";

const STATES = ["fixed", "open", "confirmed", "refused"] as const satisfies readonly SelfReportState[];

/** What units found themselves 自查自改: confirmed or refused by the photos. */
export function SelfFound() {
  const asked = route.value.query.get("state") ?? "fixed";
  const state = STATES.find((one) => one === asked) ?? "";
  const first = useCached<Paged<SelfReport>>(`self-reports/${state}`, () => listSelfReports(state, null));
  const pages = usePages<SelfReport>(`self-reports/${state}`, first, (from) => listSelfReports(state, from), 50);
  return (
    <div class="stack">
      <p class="meta">{t("self.officeIntro")}</p>
      <label class="field">
        <span class="label">{t("self.state")}</span>
        <select value={state} onChange={(event) => go(`${link("follow", "self")}?state=${event.currentTarget.value}`)}>
          {STATES.map((one) => (
            <option key={one} value={one}>
              {t(`self.state.${one}`)}
            </option>
          ))}
          <option value="">{t("self.all")}</option>
        </select>
      </label>
      <Fetched of={first}>
        {() =>
          pages.rows.length === 0 ? (
            <Empty>{t(state === "" ? "self.none" : "self.noneSuch")}</Empty>
          ) : (
            <div class="stack">
              <ul class="stack cards">
                {pages.rows.map((one) => (
                  <li key={one.id} id={`row-${one.id}`}>
                    <ReportCard of={one} withUnit={true}>
                      {one.decided_on === null ? <Decision of={one} onTaken={pages.replace} /> : null}
                    </ReportCard>
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

function Decision({ of, onTaken }: { of: SelfReport; onTaken: (of: SelfReport) => void }) {
  const [reason, setReason] = useState("");
  const { isBusy, failure, send } = useSending(() => undefined);
  const decide = (confirmed: boolean) =>
    void send(async () =>
      onTaken(await decideSelfReport(of.id, { confirmed, reason: confirmed ? "" : reason.trim() })),
    );
  return (
    <div class="stack-tight no-print">
      {of.state === "fixed" ? (
        <p>
          <button
            type="button"
            class="button button-primary"
            disabled={isBusy || !reachable.value}
            onClick={() => decide(true)}
          >
            {t("self.confirm")}
          </button>
        </p>
      ) : null}
      <details>
        <summary>{t("self.refuse")}</summary>
        <div class="stack">
          <TextField
            id={`self-reason-${of.id}`}
            label={t("self.why")}
            rows={2}
            max={REASON_CHARS_MAX}
            value={reason}
            onInput={setReason}
            error={faultAt(failure, "/reason")}
          />
          <p>
            <button
              type="button"
              class="button"
              disabled={isBusy || !reachable.value || reason.trim() === ""}
              onClick={() => decide(false)}
            >
              {t("self.refuse")}
            </button>
          </p>
        </div>
      </details>
      {failure ? <FailureNotice failure={failure} /> : null}
    </div>
  );
}
