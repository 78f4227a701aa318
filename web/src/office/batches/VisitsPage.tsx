import { useState } from "preact/hooks";
import { readBatches } from "../../api/batches";
import type { Batch } from "../../api/batches";
import { readVisits } from "../../api/officeVisits";
import type { VisitQuery, VisitRow } from "../../api/officeVisits";
import { goInstead, link, route } from "../../router";
import { placeOf, reference } from "../../session/reference";
import { t } from "../../texts";
import { holds, initialsOf, searchForm } from "../../texts/searchForm";
import { formatMoment } from "../../time/moment";
import { MoreRows } from "../../ui/MoreRows";
import { Empty } from "../../ui/Notice";
import { Page } from "../../ui/Page";
import { useCached } from "../../ui/useCached";
import { usePaged } from "../plans/usePaged";
import { isDay, nextDay } from "./days";
import { typeText } from "./look";
import { observedPercent, RESULTS } from "./visits";

/** Points that are offered while somebody types. */
const OFFERED = 8;

function queryOf(words: URLSearchParams): VisitQuery {
  const kind = words.get("kind");
  return {
    point_id: words.get("point"),
    batch_id: words.get("batch"),
    from: words.get("from"),
    // The service takes the day after.
    to: isDay(words.get("to") ?? "") ? nextDay(words.get("to") ?? "", 1) : null,
    sudden: kind === "sudden" ? true : kind === "drawn" ? false : null,
    limit: 50,
  };
}

/** Visits with their scores, narrowed by point, batch, day and kind. */
export function VisitsPage() {
  const { query } = route.value;
  const words = query.toString();
  const visits = usePaged<VisitRow>(`visits?${words}`, (cursor) => readVisits({ ...queryOf(query), cursor }));
  const set = (name: string, value: string) => {
    const next = new URLSearchParams(query);
    if (value === "") next.delete(name);
    else next.set(name, value);
    const asked = next.toString();
    goInstead(link("visits") + (asked === "" ? "" : `?${asked}`));
  };
  return (
    <Page title={t("visits.title")} back={link("batches")} isWide>
      <div class="stack">
        <Filters query={query} set={set} />
        {visits.rows.length === 0 && !visits.isLoading && visits.failure === null ? (
          <Empty>{t(words === "" ? "visits.none" : "visits.noneSo")}</Empty>
        ) : (
          <div class="card stack">
            <Rows rows={visits.rows} />
            <MoreRows of={visits} />
          </div>
        )}
      </div>
    </Page>
  );
}

function Filters({ query, set }: { query: URLSearchParams; set: (name: string, value: string) => void }) {
  const batches = useCached<Batch[]>("batches/first", async () => (await readBatches(null)).items);
  const [typed, setTyped] = useState("");
  const point = query.get("point") ?? "";
  const asked = searchForm(typed.trim());
  const found =
    asked === ""
      ? []
      : (reference.value?.points ?? []).filter(
          (one) => searchForm(`${one.name} ${one.code}`).includes(asked) || holds("", initialsOf(one), asked),
        );
  const drawn = (batches.body ?? []).filter((batch) => batch.drawn_at !== null);
  return (
    <div class="card stack no-print">
      <div class="visit-filters">
        <label class="field">
          <span class="caption">{t("visits.batch")}</span>
          <select value={query.get("batch") ?? ""} onChange={(event) => set("batch", event.currentTarget.value)}>
            <option value="">{t("visits.any")}</option>
            {drawn.map((batch) => (
              <option key={batch.id} value={batch.id} lang="zh-CN">
                {batch.plan.title}
              </option>
            ))}
          </select>
        </label>
        <label class="field">
          <span class="caption">{t("visits.kind")}</span>
          <select value={query.get("kind") ?? ""} onChange={(event) => set("kind", event.currentTarget.value)}>
            <option value="">{t("visits.any")}</option>
            <option value="drawn">{t("visits.drawn")}</option>
            <option value="sudden">{t("visits.sudden")}</option>
          </select>
        </label>
        {(["from", "to"] as const).map((name) => (
          <label class="field" key={name}>
            <span class="caption">{t(name === "from" ? "visits.from" : "visits.to")}</span>
            <input
              type="date"
              value={query.get(name) ?? ""}
              onChange={(event) => set(name, event.currentTarget.value)}
            />
          </label>
        ))}
        <label class="field">
          <span class="caption">{t("visits.findPoint")}</span>
          <input type="search" value={typed} onInput={(event) => setTyped(event.currentTarget.value)} />
        </label>
      </div>
      {point === "" ? null : (
        <p class="row">
          <span lang="zh-CN">{t("visits.onlyAt", { point: placeOf(point)?.name ?? point })}</span>
          <button type="button" class="button button-plain" onClick={() => set("point", "")}>
            {t("visits.allPoints")}
          </button>
        </p>
      )}
      {asked === "" ? null : (
        <div class="wrap" role="group" aria-label={t("visits.findPoint")}>
          {found.slice(0, OFFERED).map((one) => (
            <button
              key={one.id}
              type="button"
              class="phrase"
              lang="zh-CN"
              onClick={() => {
                setTyped("");
                set("point", one.id);
              }}
            >
              {one.name}
            </button>
          ))}
          {found.length === 0 ? <span class="meta">{t("visits.noPoint")}</span> : null}
          {found.length > OFFERED ? (
            <span class="meta">{t("visits.morePoints", { count: found.length - OFFERED })}</span>
          ) : null}
        </div>
      )}
    </div>
  );
}

function Rows({ rows }: { rows: VisitRow[] }) {
  if (rows.length === 0) return null;
  return (
    <table class="batch-table batch-table-dense">
      <caption class="visually-hidden">{t("visits.title")}</caption>
      <thead>
        <tr>
          <th scope="col">{t("visits.point")}</th>
          <th scope="col">{t("visits.when")}</th>
          <th scope="col" class="no-print">
            {t("visits.who")}
          </th>
          <th scope="col">{t("visits.results")}</th>
          <th scope="col">{t("visits.score")}</th>
        </tr>
      </thead>
      <tbody>
        {rows.map((row) => (
          <tr key={row.id}>
            <td>
              <a href={link("visits", row.id)} lang="zh-CN">
                {row.point.name}
              </a>{" "}
              <span class="meta">{typeText(row.point.type)}</span>
            </td>
            <td data-label={t("visits.when")}>
              {formatMoment(row.began_at)} {row.task === null ? <span class="chip">{t("visits.sudden")}</span> : null}
            </td>
            <td data-label={t("visits.who")} class="no-print" lang="zh-CN">
              {row.code_name ?? row.inspector.display_name}
            </td>
            <td data-label={t("visits.results")}>
              {RESULTS.map((result) => {
                const count = countOf(row, result);
                return count === 0 ? null : (
                  <span class={`visit-tally ${result === "fails" ? "text-danger" : ""}`} key={result}>
                    {t(`visitResult.${result}`)} {count}
                  </span>
                );
              })}
            </td>
            <td data-label={t("visits.score")}>
              {row.score.value === null ? (
                <span class="text-warn">{t("visits.invalid", { percent: observedPercent(row.score) })}</span>
              ) : (
                <strong>{row.score.value}</strong>
              )}{" "}
              {row.counts ? null : <span class="chip">{t("visits.countsNot")}</span>}
            </td>
          </tr>
        ))}
      </tbody>
    </table>
  );
}

function countOf(row: VisitRow, result: (typeof RESULTS)[number]): number {
  switch (result) {
    case "conforms":
      return row.conforms;
    case "mostly":
      return row.mostly;
    case "fails":
      return row.fails;
    case "not-applicable":
      return row.not_applicable;
  }
}
