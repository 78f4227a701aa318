import { useState } from "preact/hooks";
import type { Counts } from "../api/types";
import { t } from "../texts";
import { countQuery, useChoiceCounts, useCount } from "./facets";
import type { ListFilter } from "./filters";

export interface List {
  label: string;
  options: [value: string, label: string, group?: string][];
  /** What it is called when nothing is chosen. */
  none?: string;
}

/** Lists with more choices than this are not counted one by one: each is a call. Source: our choice. */
const COUNTED_MAX = 6;

interface Props {
  name: ListFilter;
  list: List;
  query: URLSearchParams;
  onSet: (value: string) => void;
}

/** One filter of the line: a list whose choices say how many issues they leave. */
export function FilterChip({ name, list, query, onSet }: Props) {
  const { label, options, none = t("list.any") } = list;
  const value = query.get(name) ?? "";
  const [isWanted, setWanted] = useState(false);
  const isFew = name !== "sort" && options.length <= COUNTED_MAX;
  const values = options.map(([one]) => one);
  const counts = useChoiceCounts(query, name, values, isWanted && isFew);
  // A value from a link or a saved view that is not in the list is shown as "other", not as "any".
  const isOther = value !== "" && !values.includes(value);
  const shown = ([one, words]: List["options"][number]) => (
    <option key={one} value={one}>
      {words}
      {counts.has(one) ? t("list.count", { count: counts.get(one) ?? 0 }) : ""}
    </option>
  );
  const groups = [...new Set(options.map(([, , group]) => group))];
  const want = () => setWanted(true);
  return (
    <label class={`field filter ${value === "" ? "" : "filter-set"}`}>
      <span class="caption">{label}</span>
      <select value={value} onFocus={want} onPointerDown={want} onChange={(event) => onSet(event.currentTarget.value)}>
        <option value="">{none}</option>
        {groups.map((group) => {
          const inside = options.filter((option) => option[2] === group).map(shown);
          return group === undefined ? (
            inside
          ) : (
            <optgroup key={group} label={group}>
              {inside}
            </optgroup>
          );
        })}
        {isOther ? <option value={value}>{t("list.other")}</option> : null}
      </select>
    </label>
  );
}

/** The states, each with its count: one call for all of them. */
export function StateFilter({ list, ...props }: Props) {
  const counts = useCount(countQuery(props.query, "state"));
  return <FilterChip {...props} list={{ ...list, options: counts ? counted(list.options, counts) : list.options }} />;
}
const counted = (options: List["options"], { by_state }: Counts): List["options"] =>
  options.map(([value, words]) => {
    const count = value.split(",").reduce((sum, state) => sum + (by_state[state] ?? 0), 0);
    return [value, words + t("list.count", { count })];
  });

/** A filter that is on or off, with how many issues it leaves. */
export function FilterToggle({ name, list, query, onSet }: Props) {
  const [[value, words] = ["", ""]] = list.options;
  const isOn = query.get(name) === value;
  const count = useCount(countQuery(query, name, value))?.total;
  return (
    <button
      type="button"
      class={`button filter-toggle ${isOn ? "filter-set" : ""}`}
      aria-pressed={isOn}
      onClick={() => onSet(isOn ? "" : value)}
    >
      {words}
      {count === undefined ? "" : ` ${count}`}
    </button>
  );
}
