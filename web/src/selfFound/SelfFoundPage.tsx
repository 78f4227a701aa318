import { useState } from "preact/hooks";
import { MEASURE_CHARS_MAX } from "../api/limits";
import { reachable } from "../api/request";
import { listSelfReports, putSelfFix } from "../api/selfReports";
import type { SelfReport } from "../api/selfReports";
import type { Page as Paged } from "../api/types";
import { faultAt } from "../months/fault";
import { useSending } from "../months/useStep";
import { link, route } from "../router";
import { t } from "../texts";
import { usePages } from "../ui/issuePages";
import { MoreRows } from "../ui/MoreRows";
import { Empty, FailureNotice, Fetched } from "../ui/Notice";
import { Page } from "../ui/Page";
import { TextField } from "../ui/TextField";
import { useCached } from "../ui/useCached";
import { OwnLookBack } from "./OwnLookBack";
import { Photos } from "./Photos";
import { ReportCard } from "./ReportCard";
import { ReportForm } from "./ReportForm";
import "../texts/withForms";
import "./selfFound.css";
import "./words";

/** What a unit found itself 自查自改, and its own look-back. */
export function SelfFoundPage() {
  const [, second = "reports"] = route.value.path;
  const isLook = second === "look";
  return (
    <Page title={t("self.title")} back={link("all")}>
      <div class="stack">
        <nav class="segments" aria-label={t("self.title")}>
          <a href={link("self")} aria-current={isLook ? undefined : "true"}>
            {t("self.tab.reports")}
          </a>
          <a href={link("self", "look")} aria-current={isLook ? "true" : undefined}>
            {t("self.tab.look")}
          </a>
        </nav>
        {isLook ? <OwnLookBack /> : <Reports />}
      </div>
    </Page>
  );
}

function Reports() {
  const first = useCached<Paged<SelfReport>>("self-reports", () => listSelfReports("", null));
  const pages = usePages<SelfReport>("self-reports", first, (from) => listSelfReports("", from), 50);
  return (
    <div class="stack">
      <p class="meta">{t("self.intro")}</p>
      <details class="card">
        <summary>{t("self.add")}</summary>
        <ReportForm onDone={first.reload} />
      </details>
      <Fetched of={first}>
        {() =>
          pages.rows.length === 0 ? (
            <Empty>{t("self.none")}</Empty>
          ) : (
            <div class="stack">
              <ul class="stack cards">
                {pages.rows.map((one) => (
                  <li key={one.id} id={`row-${one.id}`}>
                    <ReportCard of={one} withUnit={false}>
                      {one.state === "open" ? <FixForm of={one} onTaken={pages.replace} /> : null}
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

function FixForm({ of, onTaken }: { of: SelfReport; onTaken: (of: SelfReport) => void }) {
  const [measure, setMeasure] = useState("");
  const [photos, setPhotos] = useState<string[]>([]);
  const { isBusy, failure, send } = useSending(() => undefined);
  const photoFault = failure?.fields.find((field) => field.pointer.startsWith("/photo_ids"));
  return (
    <details>
      <summary>{t("self.reportFix")}</summary>
      <form
        class="stack"
        noValidate
        onSubmit={(event) => {
          event.preventDefault();
          const body = { measure: measure.trim(), photo_ids: photos };
          void send(async () => onTaken(await putSelfFix(of.id, body)));
        }}
      >
        <TextField
          id={`self-measure-${of.id}`}
          label={t("self.measure")}
          rows={2}
          max={MEASURE_CHARS_MAX}
          value={measure}
          onInput={setMeasure}
          error={faultAt(failure, "/measure")}
        />
        <Photos ids={photos} onChange={setPhotos} error={photoFault ? faultAt(failure, photoFault.pointer) : null} />
        {failure && failure.fields.length === 0 ? <FailureNotice failure={failure} /> : null}
        <p>
          <button
            type="submit"
            class="button button-primary"
            disabled={isBusy || !reachable.value || photos.length === 0 || measure.trim() === ""}
          >
            {t("self.sendFix")}
          </button>
        </p>
      </form>
    </details>
  );
}
