import { useState } from "preact/hooks";
import { EFFORT_MAX } from "../../api/limits";
import { putEffort, readGaps } from "../../api/plans";
import type { GapCell, GapMatrix } from "../../api/plans";
import { asFailure } from "../../api/failure";
import type { Failure } from "../../api/failure";
import { itemOf, reference, typeOf } from "../../session/reference";
import { localName, localTitle, t } from "../../texts";
import { monthText } from "../../time/monthText";
import { useCached } from "../../ui/useCached";
import { Empty, FailureNotice, Fetched } from "../../ui/Notice";
import { shadeOf } from "./heat";
import { Losses } from "./Losses";

/** Months that can be chosen. */
const MONTHS = [1, 3, 6, 12, 24];

export const itemName = (code: string): string => localTitle(itemOf(code)) || code;
export const typeName = (code: string): string => localName(typeOf(code)) || code;

/** The gap matrix: where points are lost, and what to mend first. */
export function GapSection() {
  const [months, setMonths] = useState(3);
  const [campaign, setCampaign] = useState("");
  const [opened, setOpened] = useState<GapCell | null>(null);
  const gaps = useCached<GapMatrix>(`gaps?${months}&${campaign}`, () => readGaps({ months, campaign }));
  return (
    <div class="stack-wide">
      <div class="wrap no-print">
        <label class="field">
          <span class="label">{t("gap.months")}</span>
          <select value={months} onChange={(event) => setMonths(Number(event.currentTarget.value))}>
            {MONTHS.map((count) => (
              <option key={count} value={count}>
                {t("gap.monthsOf", { count })}
              </option>
            ))}
          </select>
        </label>
        <label class="field">
          <span class="label">{t("gap.campaign")}</span>
          <select value={campaign} onChange={(event) => setCampaign(event.currentTarget.value)}>
            <option value="">{t("gap.all")}</option>
            {reference.value?.campaigns.map((one) => (
              <option key={one.code} value={one.code}>
                {localName(one)}
              </option>
            ))}
          </select>
        </label>
      </div>
      <Fetched of={gaps} rows={8}>
        {(matrix) =>
          matrix.items.length === 0 ? (
            <Empty action={<p class="meta">{t("gap.emptySudden")}</p>}>{t("gap.empty")}</Empty>
          ) : (
            <div class="stack-wide">
              <p class="meta">{t("gap.from", { from: monthText(matrix.from), to: monthText(matrix.to) })}</p>
              {opened ? <Losses cell={opened} months={months} onClose={() => setOpened(null)} /> : null}
              <Heat cells={matrix.items} onOpen={setOpened} />
              <First cells={matrix.items} onOpen={setOpened} onKept={gaps.reload} />
            </div>
          )
        }
      </Fetched>
    </div>
  );
}

const codes = (cells: GapCell[], of: (cell: GapCell) => string): string[] => [...new Set(cells.map(of))].sort();

/** Items × types of points, shaded by what was lost. */
function Heat({ cells, onOpen }: { cells: GapCell[]; onOpen: (cell: GapCell) => void }) {
  const types = codes(cells, (cell) => cell.point_type);
  const items = codes(cells, (cell) => cell.item_code);
  const found = new Map(cells.map((cell) => [`${cell.item_code} ${cell.point_type}`, cell]));
  const most = Math.max(...cells.map((cell) => Number(cell.lost)));
  return (
    <section class="card stack" aria-labelledby="gap-heat">
      <h2 id="gap-heat">{t("gap.matrix")}</h2>
      <p class="meta no-print">{t("gap.matrixHint")}</p>
      {/* biome-ignore lint/a11y/noNoninteractiveTabindex: what scrolls must be reachable by keyboard */}
      <div class="sheet-scroll" tabIndex={0} role="region" aria-label={t("gap.matrix")}>
        <table class="figure-table heat-table">
          <caption class="visually-hidden">{t("gap.matrix")}</caption>
          <thead>
            <tr>
              <th scope="col">{t("gap.item")}</th>
              {types.map((type) => (
                <th scope="col" key={type}>
                  {typeName(type)}
                </th>
              ))}
            </tr>
          </thead>
          <tbody>
            {items.map((item) => (
              <tr key={item}>
                <th scope="row">{itemName(item)}</th>
                {types.map((type) => {
                  const cell = found.get(`${item} ${type}`);
                  if (!cell) return <td key={type} />;
                  const lost = Number(cell.lost);
                  return (
                    <td key={type} class={`heat-${shadeOf(lost, most)}`}>
                      {lost === 0 ? (
                        <span class="meta">0</span>
                      ) : (
                        <button type="button" class="heat-cell" onClick={() => onOpen(cell)}>
                          {lost}
                        </button>
                      )}
                    </td>
                  );
                })}
              </tr>
            ))}
          </tbody>
        </table>
      </div>
    </section>
  );
}

/** The same as a list, first where an effort gains most; the office writes the efforts here. */
function First({ cells, onOpen, onKept }: { cells: GapCell[]; onOpen: (cell: GapCell) => void; onKept: () => void }) {
  const [failure, setFailure] = useState<Failure | null>(null);
  const keep = async (cell: GapCell, typed: string) => {
    const effort = typed.trim() === "" ? null : Number(typed);
    if (effort === cell.effort) return;
    try {
      setFailure(null);
      await putEffort(cell.item_code, cell.point_type, effort);
      onKept();
    } catch (cause) {
      setFailure(asFailure(cause));
    }
  };
  return (
    <section class="card stack" aria-labelledby="gap-list">
      <h2 id="gap-list">{t("gap.list")}</h2>
      <p class="meta no-print" id="gap-effort-hint">
        {t("gap.effortHint")}
      </p>
      {failure ? <FailureNotice failure={failure} /> : null}
      {/* biome-ignore lint/a11y/noNoninteractiveTabindex: what scrolls must be reachable by keyboard */}
      <div class="sheet-scroll" tabIndex={0} role="region" aria-label={t("gap.list")}>
        <table class="figure-table gap-list text-2">
          <caption class="visually-hidden">{t("gap.list")}</caption>
          <thead>
            <tr>
              {(["gap.item", "gap.type", "gap.lost", "gap.observed", "gap.effort", "gap.gain"] as const).map((key) => (
                <th scope="col" key={key}>
                  {t(key)}
                </th>
              ))}
            </tr>
          </thead>
          <tbody>
            {cells
              .filter((cell) => Number(cell.lost) > 0)
              .map((cell) => (
                <tr key={`${cell.item_code} ${cell.point_type}`}>
                  <th scope="row">{itemName(cell.item_code)}</th>
                  <td class="gap-type">{typeName(cell.point_type)}</td>
                  <td>
                    <button type="button" class="heat-cell" onClick={() => onOpen(cell)}>
                      {cell.lost}
                    </button>
                  </td>
                  <td>{cell.observed}</td>
                  <td>
                    <input
                      class="effort"
                      type="number"
                      min={1}
                      max={EFFORT_MAX}
                      step={1}
                      defaultValue={cell.effort === null ? "" : String(cell.effort)}
                      aria-label={t("gap.effortOf", {
                        item: itemName(cell.item_code),
                        type: typeName(cell.point_type),
                      })}
                      aria-describedby="gap-effort-hint"
                      onChange={(event) => void keep(cell, event.currentTarget.value)}
                    />
                  </td>
                  <td>
                    <strong>{cell.gain}</strong>
                  </td>
                </tr>
              ))}
          </tbody>
        </table>
      </div>
    </section>
  );
}
