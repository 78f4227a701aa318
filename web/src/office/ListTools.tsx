import { useState } from "preact/hooks";
import "../desk/words";
import { link } from "../router";
import { t } from "../texts";
import { canonical } from "./filters";
import { countQuery, useCount } from "./facets";
import { isOpen } from "../states";
import type { State } from "../api/types";
import { keysOf } from "../keysOf";
import { COLUMN_NAMES, hasRoom } from "./listLook";
import type { Column, Look } from "./listLook";

/** The number of issues that match the filters, and how the rows look. */
export function ListTools({
  query,
  look,
  onLook,
}: {
  query: URLSearchParams;
  look: Look;
  onLook: (look: Look) => void;
}) {
  const counts = useCount(countQuery(query));
  const [isChoosing, setChoosing] = useState(false);
  const open = counts
    ? keysOf(counts.by_state as Record<State, number>)
        .filter(isOpen)
        .reduce((sum, state) => sum + (counts.by_state[state] ?? 0), 0)
    : 0;
  const toggle = (column: Column) => {
    const isShown = look.columns.includes(column);
    const columns = COLUMN_NAMES.filter((name) => (name === column ? !isShown : look.columns.includes(name)));
    onLook({ ...look, columns });
  };
  return (
    <div class="list-tools">
      <p class="meta grow" role="status">
        {counts ? t("list.totals", { total: counts.total, open, overdue: counts.overdue }) : "\u00a0"}
      </p>
      <a class="button" href={`${link("issues", "print")}?${canonical(query)}`}>
        {t("print.meetingShort")}
      </a>
      {look.isDense && hasRoom() ? (
        <button type="button" class="button" aria-expanded={isChoosing} onClick={() => setChoosing(!isChoosing)}>
          {t("list.columns")}
        </button>
      ) : null}
      {hasRoom() ? (
        <button
          type="button"
          class="button"
          aria-pressed={look.isDense}
          onClick={() => {
            setChoosing(false);
            onLook({ ...look, isDense: !look.isDense });
          }}
        >
          {t("list.dense")}
        </button>
      ) : null}
      {isChoosing ? (
        <fieldset class="list-columns card card-tight">
          <legend class="visually-hidden">{t("list.columns")}</legend>
          {COLUMN_NAMES.map((column) => (
            <label class="tick" key={column}>
              <input
                type="checkbox"
                checked={look.columns.includes(column)}
                disabled={column === "place"}
                onChange={() => toggle(column)}
              />
              {t(`column.${column}`)}
            </label>
          ))}
        </fieldset>
      ) : null}
    </div>
  );
}
