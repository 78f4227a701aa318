import { useEffect, useRef } from "preact/hooks";
import { readLosses } from "../../api/plans";
import type { GapCell, Loss } from "../../api/plans";
import { link } from "../../router";
import { t } from "../../texts";
import { formatMoment } from "../../time/moment";
import { MoreRows } from "../../ui/MoreRows";
import { itemName, typeName } from "./GapSection";
import { usePaged } from "./usePaged";

/** The visits behind a cell of the matrix, with the issues that they opened. */
export function Losses({ cell, months, onClose }: { cell: GapCell; months: number; onClose: () => void }) {
  const { item_code, point_type } = cell;
  const name = `${item_code} ${point_type} ${months}`;
  const losses = usePaged<Loss>(name, (cursor) => readLosses({ item_code, point_type, months, cursor }));
  const heading = useRef<HTMLHeadingElement>(null);
  useEffect(() => heading.current?.focus(), [name]);
  return (
    <section class="card stack" aria-labelledby="gap-losses">
      <div class="row-spread">
        <h2 id="gap-losses" ref={heading} tabIndex={-1}>
          {t("gap.losses", { item: itemName(item_code), type: typeName(point_type) })}
        </h2>
        <button type="button" class="button" onClick={onClose}>
          {t("gap.close")}
        </button>
      </div>
      <div class="sheet-scroll">
        <table class="figure-table">
          <caption class="visually-hidden">{t("gap.lost")}</caption>
          <thead>
            <tr>
              <th scope="col">{t("gap.point")}</th>
              <th scope="col">{t("gap.visit")}</th>
              <th scope="col">{t("gap.lost")}</th>
              <th scope="col">{t("gap.issue")}</th>
            </tr>
          </thead>
          <tbody>
            {losses.rows.map((loss) => (
              <tr key={loss.visit_id}>
                <th scope="row" lang="zh-CN">
                  {loss.point.name}
                </th>
                <td>{formatMoment(loss.began_at)}</td>
                <td>{loss.lost}</td>
                <td>
                  {loss.issue_id ? (
                    <a href={link("issue", loss.issue_id)}>{t("gap.openIssue")}</a>
                  ) : (
                    <span class="meta">{t("gap.noIssue")}</span>
                  )}
                </td>
              </tr>
            ))}
          </tbody>
        </table>
      </div>
      <MoreRows of={losses} />
    </section>
  );
}
