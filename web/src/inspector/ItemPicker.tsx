import { useState } from "preact/hooks";
import type { Item, Place } from "../api/types";
import { keysOf } from "../keysOf";
import { reference } from "../session/reference";
import { itemsFor } from "../session/fitting";
import { faultTitle, localName, t, localTitle } from "../texts";
import { holds, initialsOf, searchForm } from "../texts/searchForm";
import { formatLimit } from "../time/limits";
import { Choices } from "../ui/Choices";
import { Icon } from "../ui/Icon";
import { CHIPS } from "./headline";
import type { Chip } from "./headline";

/** How many frequent items of the place are offered: two rows of three. Source: our choice. */
const LIKELY = 6;

/** Chooses the item: by chips for everyday problems, by the frequent items of the place, or by a search over all. */
export function ItemPicker({
  place,
  value,
  onChoose,
  error,
}: {
  place: Place | undefined;
  value: Item | undefined;
  /** `chip` is the everyday problem that led to the item. */
  onChoose: (item: Item, chip: Chip | null) => void;
  error: string | null;
}) {
  const [isSearching, setSearching] = useState(false);
  const [chip, setChip] = useState<Chip | null>(null);
  const fitting = byWeight(itemsFor(place));
  const under = (one: Chip) => fitting.filter((item) => item.chips.includes(one));
  // A chip is selected only while the chosen item belongs to it.
  const open = chip && value?.chips.includes(chip) ? chip : null;
  const likely = fitting.slice(0, LIKELY);
  // An item that was found by search is listed too, or the choice could not be seen.
  const others = value && !likely.includes(value) ? [value, ...likely.slice(0, LIKELY - 1)] : likely;
  const shown = open ? under(open) : others;
  function choose(item: Item | undefined, by: Chip | null) {
    if (!item) return;
    setChip(by);
    onChoose(item, by);
  }
  return (
    <div class="stack">
      <Choices<Chip>
        name="chip"
        legend={t("item.title")}
        layout="choices-3"
        value={open}
        error={error}
        options={keysOf(CHIPS).map((one) => ({ value: one, label: t(`chip.${one}`), isOff: under(one).length === 0 }))}
        onChange={(one) => choose(under(one)[0], one)}
      />
      {shown.length > 0 ? (
        <Choices
          name="item"
          legend={t(open ? "item.kinds" : "item.likely")}
          layout="choices-3"
          value={value?.code ?? null}
          options={shown.map((item) => ({ value: item.code, label: shortTitle(item) }))}
          onChange={(code) =>
            choose(
              shown.find((one) => one.code === code),
              open,
            )
          }
        />
      ) : null}
      {value ? (
        <p class="meta">
          {faultTitle(value)} · {value.code} · {t("item.required")}
          {t("punctuation.colon")}
          {localTitle(value)}
          {value.veto ? ` · ${t("item.veto")}` : ""}
          {value.limit ? ` · ${t("item.limit", { limit: formatLimit(value.limit) })}` : ""}
        </p>
      ) : null}
      <div class="wrap">
        {open ? (
          <button type="button" class="button" onClick={() => setChip(null)}>
            {t("item.likely")}
          </button>
        ) : null}
        {isSearching ? null : (
          <button type="button" class="button" onClick={() => setSearching(true)}>
            <Icon name="search" />
            {t("item.searchAll", { count: reference.value?.items.length ?? 0 })}
          </button>
        )}
      </div>
      {isSearching ? (
        <ItemSearch
          place={place}
          onChoose={(item) => {
            choose(item, null);
            setSearching(false);
          }}
          onClose={() => setSearching(false)}
        />
      ) : null}
    </div>
  );
}

/** Without the remark in brackets, so that three fit in a row. */
const shortTitle = (item: Item): string => faultTitle(item).replace(/[\uff08(].*$/, "");

const byWeight = (items: Item[]): Item[] =>
  [...items].sort((a, b) => Number(b.veto) - Number(a.veto) || b.weight - a.weight || a.code.localeCompare(b.code));

function ItemSearch({
  place,
  onChoose,
  onClose,
}: {
  place: Place | undefined;
  onChoose: (item: Item) => void;
  onClose: () => void;
}) {
  const [words, setWords] = useState("");
  const fitting = new Set(itemsFor(place).map((item) => item.code));
  const needle = searchForm(words);
  const found = (reference.value?.items ?? [])
    .filter((item) => {
      const chips = item.chips.map((chip) => t(`chip.${chip}`));
      const texts = [item.code, item.title, item.title_en, item.fault ?? "", ...chips].join(" ");
      return holds(texts, initialsOf(item), needle);
    })
    .sort((a, b) => Number(fitting.has(b.code)) - Number(fitting.has(a.code)));
  return (
    <div class="card card-tight stack">
      <div class="row">
        <div class="search field grow">
          <Icon name="search" />
          <input
            type="search"
            value={words}
            aria-label={t("item.search")}
            placeholder={t("item.search")}
            onInput={(event) => setWords(event.currentTarget.value)}
          />
        </div>
        <button type="button" class="icon-button" onClick={onClose} aria-label={t("action.close")}>
          <Icon name="close" />
        </button>
      </div>
      {found.length === 0 ? <p class="meta">{t("item.noneFound")}</p> : null}
      <ul>
        {found.slice(0, 40).map((item) => (
          <li key={item.code}>
            <button type="button" class="list-row" onClick={() => onChoose(item)}>
              <span class="grow">
                <span>{faultTitle(item)}</span>
                <span class="meta">
                  {" "}
                  {item.code} · {localName(reference.value?.campaigns.find((one) => one.code === item.campaign))}
                </span>
              </span>
            </button>
          </li>
        ))}
      </ul>
    </div>
  );
}
