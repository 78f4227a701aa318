import { useState } from "preact/hooks";
import type { OfficeIssue } from "../api/types";
import { link } from "../router";
import { itemOf, unitOf } from "../session/reference";
import { session } from "../session/session";
import { faultTitle, t } from "../texts";
import { formatLimit } from "../time/limits";
import { formatDeadline } from "../time/moment";
import { Notice } from "../ui/Notice";
import { SeverityChip } from "../ui/StateChip";
import { whyNot } from "./whyNot";

/** Cases that wait for their release, with the unit and the limit of each: those chosen are released together. */
export function BatchRelease({ rows, onRelease }: { rows: OfficeIssue[]; onRelease: (chosen: OfficeIssue[]) => void }) {
  const [chosen, setChosen] = useState<ReadonlySet<string>>(new Set());
  const me = session.value?.user.id ?? "";
  const possible = rows.filter((row) => row.allowed_actions.includes("release"));
  const picked = possible.filter((row) => chosen.has(row.id));
  const isAll = possible.length > 0 && picked.length === possible.length;
  const choose = (id: string) => {
    const next = new Set(chosen);
    if (!next.delete(id)) next.add(id);
    setChosen(next);
  };
  return (
    <form
      class="stack batch"
      aria-label={t("batch.title")}
      onSubmit={(event) => {
        event.preventDefault();
        if (picked.length > 0) onRelease(picked);
      }}
    >
      <Notice>
        <p>{t("effect.release")}</p>
      </Notice>
      <label class="tick phone-only">
        <input
          type="checkbox"
          checked={isAll}
          onChange={() => setChosen(new Set(isAll ? [] : possible.map((row) => row.id)))}
        />
        {t("bulk.chooseAll", { count: possible.length })}
      </label>
      <table class="issues issues-batch">
        <caption class="visually-hidden">{t("batch.title")}</caption>
        <thead>
          <tr>
            <th scope="col" class="cell-choose">
              <input
                type="checkbox"
                aria-label={t("bulk.chooseAll", { count: possible.length })}
                checked={isAll}
                onChange={() => setChosen(new Set(isAll ? [] : possible.map((row) => row.id)))}
              />
            </th>
            <th scope="col">{t("list.what")}</th>
            <th scope="col">{t("severity.title")}</th>
            <th scope="col">{t("unit.title")}</th>
            <th scope="col">{t("list.due")}</th>
            <th scope="col">{t("batch.approved")}</th>
          </tr>
        </thead>
        <tbody>
          {rows.map((row) => {
            const why = whyNot(row, "release", me);
            return (
              <tr key={row.id} aria-selected={chosen.has(row.id)}>
                <td class="cell-choose">
                  <label>
                    <input
                      type="checkbox"
                      aria-label={t("bulk.choose", { name: row.point.name })}
                      checked={chosen.has(row.id)}
                      disabled={!possible.includes(row)}
                      onChange={() => choose(row.id)}
                    />
                  </label>
                </td>
                <td>
                  <a href={link("issue", row.id)} lang="zh-CN">
                    {row.point.name}
                  </a>{" "}
                  <span class="meta">{faultTitle(itemOf(row.item_code)) || row.item_code}</span>
                </td>
                <td>
                  <SeverityChip severity={row.severity} />
                </td>
                <td data-label={t("unit.title")}>{unitOf(row.unit_id)?.name ?? t("unit.unknown")}</td>
                <td data-label={t("list.due")}>
                  {row.due_at ? formatDeadline(row.due_at) : row.limit ? formatLimit(row.limit) : t("list.noDue")}
                </td>
                <td data-label={t("batch.approved")}>
                  {row.approved_by?.display_name}
                  {why ? <span class="caption">{` ${t("queue.others")}`}</span> : null}
                </td>
              </tr>
            );
          })}
        </tbody>
      </table>
      <div class="batch-foot">
        <button type="submit" class="button button-primary" disabled={picked.length === 0}>
          {t("batch.confirm", { count: picked.length })}
        </button>
      </div>
    </form>
  );
}
