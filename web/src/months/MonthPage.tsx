import { Fragment } from "preact";
import { readMonth } from "../api/months";
import type { Month } from "../api/months";
import { link } from "../router";
import { t } from "../texts";
import { Fetched, Notice } from "../ui/Notice";
import { Page } from "../ui/Page";
import { useCached } from "../ui/useCached";
import { CardOf } from "./CardPage";
import { Now } from "./Now";
import { Objections } from "./Objections";
import { PrintButton } from "./PrintButton";
import { Ranking } from "./Ranking";
import { isOffice, isUnit, ownUnit } from "./role";
import { StateOf, Strip } from "./Strip";
import { dateText, monthText } from "./words";

/** A month: its state, what comes next, and the ranking; for a unit its own score. */
export function MonthPage({ month: name }: { month: string }) {
  const month = useCached<Month>(`months/${name}`, () => readMonth(name));
  return (
    <Page
      title={t("months.titleOf", { month: monthText(name) })}
      back={link("months")}
      isWide={!isUnit()}
      aside={<PrintButton />}
    >
      <Fetched of={month}>
        {(body) => (
          <div class="stack-wide">
            <section class="card stack" aria-labelledby="strip-title">
              <h2 id="strip-title" class="row">
                <span>{t("months.state")}</span> <StateOf state={body.state} />
              </h2>
              <Strip month={body} />
              {body.circular_no ? <p>{t("months.circularIs", { no: body.circular_no })}</p> : null}
            </section>
            {isOffice() ? <OfficeMonth month={body} onChange={month.reload} /> : null}
            {isUnit() ? <OwnMonth month={body} onChange={month.reload} /> : null}
            {!isOffice() && !isUnit() ? <ReadMonth month={body} /> : null}
          </div>
        )}
      </Fetched>
    </Page>
  );
}

function Links({ month }: { month: Month }) {
  return (
    <nav class="wrap no-print" aria-label={t("months.more")}>
      <a class="button" href={link("months", month.month, "board")}>
        {t("board.title")}
      </a>
      {["locked", "published"].includes(month.state) ? (
        <a class="button" href={link("months", month.month, "ledger")}>
          {t("ledger.title")}
        </a>
      ) : null}
      {isUnit() ? null : (
        <a class="button" href={link("months", month.month, "meeting")}>
          {t("meeting.open")}
        </a>
      )}
      {isOffice() ? (
        <a class="button" href={link("months", month.month, "records")}>
          {t("byHand.title")}
        </a>
      ) : null}
    </nav>
  );
}

function OfficeMonth({ month, onChange }: { month: Month; onChange: () => void }) {
  return (
    <>
      <Now month={month} onChange={onChange} />
      {month.objections.length > 0 ? <Objections month={month} onChange={onChange} /> : null}
      {month.state === "open" ? (
        <nav class="wrap no-print" aria-label={t("months.more")}>
          <a class="button" href={link("months", month.month, "records")}>
            {t("byHand.title")}
          </a>
        </nav>
      ) : (
        <>
          <Links month={month} />
          <Ranking key={month.version} month={month} />
          <Digests month={month} />
        </>
      )}
    </>
  );
}

/** What the results can be recomputed by. */
function Digests({ month: { office } }: { month: Month }) {
  if (!office) return null;
  return (
    <details class="card">
      <summary>{t("months.digests")}</summary>
      <dl class="facts">
        {office.rules_version === null ? null : (
          <>
            <dt>{t("months.rulesVersion")}</dt>
            <dd>{office.rules_version}</dd>
          </>
        )}
        {(["frozen_at", "preview_at", "decided_at", "published_at"] as const).map((name) => {
          const at = office[name];
          return at === null ? null : (
            <Fragment key={name}>
              <dt>{t(`months.${name}`)}</dt>
              <dd>{dateText(at)}</dd>
            </Fragment>
          );
        })}
        {office.snapshot_sha256 === null ? null : (
          <>
            <dt>{t("months.snapshot")}</dt>
            <dd class="digest">{office.snapshot_sha256}</dd>
          </>
        )}
        {office.results_sha256 === null ? null : (
          <>
            <dt>{t("months.results")}</dt>
            <dd class="digest">{office.results_sha256}</dd>
          </>
        )}
      </dl>
    </details>
  );
}

/** A unit: its score, what it may object to, and its group once that is published. */
function OwnMonth({ month, onChange }: { month: Month; onChange: () => void }) {
  return (
    <>
      {month.allowed_actions.includes("object") ? (
        <Notice tone="warn">
          <p>{t("months.mayObject", { at: dateText(month.objections_until) })}</p>
        </Notice>
      ) : null}
      <CardOf key={month.version} month={month} unit={ownUnit()} onChange={onChange} />
      {month.objections.length > 0 ? <Objections month={month} onChange={onChange} /> : null}
      <Links month={month} />
      {month.state === "published" ? <Ranking month={month} /> : null}
    </>
  );
}

function ReadMonth({ month }: { month: Month }) {
  return (
    <>
      <Links month={month} />
      <Ranking month={month} />
    </>
  );
}
