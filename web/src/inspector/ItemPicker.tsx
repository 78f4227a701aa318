import { useState } from "preact/hooks";
import type { Item, Place } from "../api/types";
import { itemsFor, reference } from "../session/reference";
import { named, t, titled } from "../texts";
import { limitWords } from "../time/countdown";
import { Choices } from "../ui/Choices";
import { Icon } from "../ui/Icon";

/** Nine fit three by three on the narrowest phone. */
const ONE_TAP = 9;

/** What is wrong: nine likely items at one tap, all of them by a search. */
export function ItemPicker({ place, value, onChoose, error }: {
  place: Place | undefined;
  value: Item | undefined;
  onChoose: (item: Item) => void;
  error: string | null;
}) {
  const [isSearching, setSearching] = useState(false);
  const likely = likelyItems(place);
  // What was found by searching is shown among the nine, or the choice would be invisible.
  const shown = value && !likely.includes(value) ? [value, ...likely.slice(0, ONE_TAP - 1)] : likely;
  return (
    <div class="stack">
      <Choices name="item" legend={t("item.title")} layout="choices-3" value={value?.code ?? null} error={error}
        onChange={(code) => { const item = shown.find((one) => one.code === code); if (item) onChoose(item); }}
        options={shown.map((item) => ({ value: item.code, label: shortTitle(item) }))} />
      {value ? <p class="meta">{value.code} · {titled(value)}{value.veto ? ` · ${t("item.veto")}` : ""}{value.limit ? ` · ${t("item.limit", { limit: limitWords(value.limit) })}` : ""}</p> : null}
      {isSearching
        ? <ItemSearch place={place} onChoose={(item) => { onChoose(item); setSearching(false); }} onClose={() => setSearching(false)} />
        : <button type="button" class="button" onClick={() => setSearching(true)}><Icon name="search" />{t("item.searchAll", { count: reference.value?.items.length ?? 0 })}</button>}
    </div>
  );
}

/** Without a remark in brackets: three of them must fit beside each other. */
const shortTitle = (item: Item): string => titled(item).replace(/[\uff08(].*$/, "");

function likelyItems(place: Place | undefined): Item[] {
  return [...itemsFor(place)].sort((a, b) => Number(b.veto) - Number(a.veto) || b.weight - a.weight || a.code.localeCompare(b.code)).slice(0, ONE_TAP);
}

function ItemSearch({ place, onChoose, onClose }: { place: Place | undefined; onChoose: (item: Item) => void; onClose: () => void }) {
  const [words, setWords] = useState("");
  const fitting = new Set(itemsFor(place).map((item) => item.code));
  const needle = words.trim().toLowerCase();
  const found = (reference.value?.items ?? [])
    .filter((item) => needle === "" || `${item.code} ${item.title} ${item.title_en} ${item.chips.join(" ")}`.toLowerCase().includes(needle))
    .sort((a, b) => Number(fitting.has(b.code)) - Number(fitting.has(a.code)));
  return (
    <div class="card card-tight stack">
      <div class="row">
        <div class="search field grow"><Icon name="search" /><input type="search" value={words} aria-label={t("item.search")} placeholder={t("item.search")} onInput={(event) => setWords(event.currentTarget.value)} /></div>
        <button type="button" class="icon-button" onClick={onClose} aria-label={t("action.close")}><Icon name="close" /></button>
      </div>
      {found.length === 0 ? <p class="meta">{t("item.noneFound")}</p> : null}
      <ul>
        {found.slice(0, 40).map((item) => (
          <li key={item.code}>
            <button type="button" class="list-row" onClick={() => onChoose(item)}>
              <span class="grow"><span>{titled(item)}</span><span class="meta"> {item.code} · {named(reference.value?.campaigns.find((one) => one.code === item.campaign))}</span></span>
            </button>
          </li>
        ))}
      </ul>
    </div>
  );
}
