import { LEDGER_DOCUMENT_CHARS_MAX, REASON_CHARS_MAX } from "../api/limits";
import { listYearScores, putYearAdjustment } from "../api/months";
import type { YearScore } from "../api/months";
import { reachable } from "../api/request";
import { link } from "../router";
import { t } from "../texts";
import { civilDay } from "../time/civil";
import { serverNow } from "../time/moment";
import { Empty, FailureNotice, Fetched } from "../ui/Notice";
import { NotFoundPage } from "../ui/NotFoundPage";
import { Page } from "../ui/Page";
import { TextField } from "../ui/TextField";
import { useCached } from "../ui/useCached";
import { faultAt } from "./fault";
import { isOffice, isUnit } from "./role";
import { UnitSelect } from "./UnitSelect";
import { useSending } from "./useStep";
import { byUnit, orNone, shortDigest, signed } from "./words";
import { forgetTyped, useTyped, useTypedId } from "../ui/useTyped";

/** The scores of a year, from its locked months. */
export function YearPage({ year }: { year: string }) {
  if (!/^\d{4}$/.test(year)) return <NotFoundPage />;
  return <Year year={year} />;
}

function Year({ year }: { year: string }) {
  const scores = useCached<YearScore[]>(`year-scores/${year}`, () => listYearScores(year));
  const other = (by: number) => String(Number(year) + by);
  return (
    <Page title={t("year.title", { year })} back={link("months")} isWide={!isUnit()}>
      <Fetched of={scores}>
        {(units) => {
          const months = [...new Set(units.flatMap((unit) => unit.months.map((one) => one.month)))].sort();
          return (
            <div class="stack">
              <nav class="wrap no-print" aria-label={t("year.others")}>
                <a class="button" href={link("months", "year", other(-1))}>
                  {t("year.year", { year: other(-1) })}
                </a>
                {other(1) > civilDay(serverNow()).slice(0, 4) ? null : (
                  <a class="button" href={link("months", "year", other(1))}>
                    {t("year.year", { year: other(1) })}
                  </a>
                )}
              </nav>
              <p class="meta">{t("year.hint")}</p>
              {units.length === 0 ? (
                <Empty>{t("year.empty")}</Empty>
              ) : (
                // biome-ignore lint/a11y/noNoninteractiveTabindex: what scrolls must be reachable by keyboard
                <div class="month-scroll-x card" tabIndex={0} role="region" aria-label={t("year.title", { year })}>
                  <table class="month-ranks month-years">
                    <caption class="visually-hidden">{t("year.title", { year })}</caption>
                    <thead>
                      <tr>
                        <th scope="col">{t("ranking.unit")}</th>
                        <th scope="col">{t("year.score")}</th>
                        <th scope="col">{t("year.mean")}</th>
                        <th scope="col">{t("year.adjusted")}</th>
                        <th scope="col">{t("year.valid")}</th>
                        {months.map((month) => (
                          <th scope="col" key={month}>
                            {t("year.month", { month: Number(month.slice(5)) })}
                          </th>
                        ))}
                      </tr>
                    </thead>
                    <tbody>
                      {byUnit(units).map((unit) => (
                        <tr key={unit.unit_id}>
                          <th scope="row" lang="zh-CN">
                            {unit.name}
                          </th>
                          <td>
                            <strong>{unit.score ?? t("year.tooFew")}</strong>
                          </td>
                          <td>{unit.mean ?? "\u2013"}</td>
                          <td>{signed(unit.adjusted)}</td>
                          <td>{unit.valid_months}</td>
                          {months.map((month) => {
                            const one = unit.months.find((of) => of.month === month);
                            return (
                              <td key={month} title={one ? shortDigest(one.results_sha256) : undefined}>
                                {one === undefined ? (
                                  "\u2013"
                                ) : (
                                  <a href={link("months", month, "unit", unit.unit_id)}>{orNone(one.score)}</a>
                                )}
                              </td>
                            );
                          })}
                        </tr>
                      ))}
                    </tbody>
                  </table>
                </div>
              )}
              {isOffice() ? <AdjustForm year={year} onChange={scores.reload} /> : null}
            </div>
          );
        }}
      </Fetched>
    </Page>
  );
}

function AdjustForm({ year, onChange }: { year: string; onChange: () => void }) {
  const form = `year-adjustment/${year}`;
  const [id, renew] = useTypedId(form);
  const [unit, setUnit] = useTyped(form, "unit", "");
  const [points, setPoints] = useTyped(form, "points", "");
  const [reason, setReason, wasTyped] = useTyped(form, "reason", "");
  const [no, setNo] = useTyped(form, "no", "");
  const { isBusy, failure, send } = useSending(onChange);
  return (
    <details class="card no-print" open={wasTyped}>
      <summary>{t("year.adjust")}</summary>
      <form
        class="stack month-form"
        noValidate
        onSubmit={(event) => {
          event.preventDefault();
          const body = {
            unit_id: unit,
            year: Number(year),
            points: points.trim().replace("\u2212", "-"),
            reason: reason.trim(),
            document_no: no.trim(),
          };
          void send(
            () => putYearAdjustment(id, body),
            () => {
              renew();
              setUnit("");
              setPoints("");
              setReason("");
              setNo("");
              forgetTyped(form);
            },
          );
        }}
      >
        <UnitSelect id="year-unit" value={unit} onChange={setUnit} error={faultAt(failure, "/unit_id")} />
        <TextField
          id="year-points"
          label={t("byHand.points")}
          hint={t("byHand.pointsHint")}
          value={points}
          onInput={setPoints}
          error={faultAt(failure, "/points")}
        />
        <TextField
          id="year-why"
          label={t("byHand.reason")}
          rows={3}
          max={REASON_CHARS_MAX}
          value={reason}
          onInput={setReason}
          error={faultAt(failure, "/reason")}
        />
        <TextField
          id="year-document"
          label={t("ledger.documentNo")}
          max={LEDGER_DOCUMENT_CHARS_MAX}
          value={no}
          onInput={setNo}
          error={faultAt(failure, "/document_no")}
        />
        {failure && failure.fields.length === 0 ? <FailureNotice failure={failure} /> : null}
        <div>
          <button
            type="submit"
            class="button button-primary"
            disabled={isBusy || !reachable.value || !unit || !points.trim() || !reason.trim() || !no.trim()}
          >
            {t(isBusy ? "months.busy" : "months.save")}
          </button>
        </div>
      </form>
    </details>
  );
}
