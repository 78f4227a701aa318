import type { ComponentChildren } from "preact";
import { useState } from "preact/hooks";
import { t } from "../../texts";
import { holds, initialsOf, searchForm } from "../../texts/searchForm";
import { Icon } from "../../ui/Icon";
import { Empty } from "../../ui/Notice";

const PAGE_ROWS = 50;

export interface Column<T> {
  label: string;
  cell: (row: T) => ComponentChildren;
}

/** Rows in columns at a desk, as cards on a phone; the first column names the row. */
export function Table<T>({
  caption,
  columns,
  rows,
  keyOf,
  empty,
  shown: least,
  isCounted = true,
}: {
  caption: string;
  columns: Column<T>[];
  rows: T[];
  keyOf: (row: T) => string | number;
  empty: string;
  /** So many rows at once, for a list that is paged elsewhere. */
  shown?: number;
  /** Whether the end says how many there are; not where the page says so itself. */
  isCounted?: boolean;
}) {
  const [pages, setPages] = useState(1);
  if (rows.length === 0) return <Empty>{empty}</Empty>;
  const shown = rows.slice(0, Math.max(least ?? 0, pages * PAGE_ROWS));
  return (
    <div class="stack">
      <table class="sheet">
        <caption class="visually-hidden">{caption}</caption>
        <thead>
          <tr>
            {columns.map((column) => (
              <th scope="col" key={column.label}>
                {column.label}
              </th>
            ))}
          </tr>
        </thead>
        <tbody>
          {shown.map((row) => (
            <tr key={keyOf(row)}>
              {columns.map((column, at) => {
                const cell = column.cell(row);
                return cell === null || cell === "" ? (
                  <td key={column.label} class="cell-empty" />
                ) : (
                  <td key={column.label} {...(at === 0 ? {} : { "data-label": column.label })}>
                    {cell}
                  </td>
                );
              })}
            </tr>
          ))}
        </tbody>
      </table>
      {rows.length > shown.length ? (
        <button type="button" class="button" onClick={() => setPages(pages + 1)}>
          {t("table.more", { count: rows.length - shown.length })}
        </button>
      ) : isCounted ? (
        <p class="meta">{t("table.all", { count: rows.length })}</p>
      ) : null}
    </div>
  );
}

/** Narrows a list as one types. */
export function Search({ label, value, onInput }: { label: string; value: string; onInput: (words: string) => void }) {
  return (
    <div class="search">
      <Icon name="search" />
      <input
        class="input"
        type="search"
        aria-label={label}
        placeholder={label}
        value={value}
        onInput={(event) => onInput(event.currentTarget.value)}
      />
    </div>
  );
}

/** Whether every word that was typed is somewhere in these texts. */
export function fits(words: string, ...texts: (string | null | undefined)[]): boolean {
  const all = searchForm(texts.join(" "));
  return searchForm(words)
    .split(/\s+/)
    .every((word) => all.includes(word));
}

/** The same for what has a name, which is found by its initials in pinyin, too. */
export const fitsNamed = (words: string, thing: object, ...texts: string[]): boolean =>
  fits(words, ...texts) || holds("", initialsOf(thing), searchForm(words));

/** A choice from few, with "all" first. */
export function Filter({
  label,
  value,
  options,
  onChange,
}: {
  label: string;
  value: string;
  options: [value: string, words: string][];
  onChange: (value: string) => void;
}) {
  return (
    <label class="field filter">
      <span class="caption">{label}</span>
      <select value={value} onChange={(event) => onChange(event.currentTarget.value)}>
        <option value="">{t("table.any")}</option>
        {options.map(([key, words]) => (
          <option key={key} value={key}>
            {words}
          </option>
        ))}
      </select>
    </label>
  );
}
