import { useState } from "preact/hooks";
import type { Place } from "../api/types";
import { formatDistance } from "../place/distance";
import { t } from "../texts";
import { Icon } from "../ui/Icon";
import { nearestFirst } from "./nearest";

/** Chooses the place: the chosen one, or the nearest three, a search over all, and a way off the list. */
export function PlacePicker({
  value,
  onChoose,
  onUnlisted,
  error,
}: {
  value: Place | undefined;
  onChoose: (place: Place) => void;
  /** It is not on the list; `words` were searched for. */
  onUnlisted: (words: string) => void;
  error: string | null;
}) {
  const [isOpen, setOpen] = useState(false);
  const [words, setWords] = useState("");
  const isChoosing = isOpen || !value;
  const found = nearestFirst(words).slice(0, words === "" ? 3 : 12);
  return (
    <section class="stack" aria-labelledby="place-title">
      <h2 id="place-title">{t("place.title")}</h2>
      {value && !isOpen ? (
        <div class="card card-tight row-spread">
          <div class="grow">
            <p>
              <strong>{value.name}</strong>
            </p>
            <p class="meta">{value.address}</p>
          </div>
          <button type="button" class="button" onClick={() => setOpen(true)}>
            {t("place.change")}
          </button>
        </div>
      ) : null}
      {isChoosing ? (
        <>
          <div class="search field">
            <Icon name="search" />
            <input
              type="search"
              value={words}
              aria-label={t("place.search")}
              placeholder={t("place.search")}
              onInput={(event) => setWords(event.currentTarget.value)}
            />
          </div>
          <ul class="list">
            {found.map(({ place, metres }) => (
              <li key={place.id}>
                <button
                  type="button"
                  class="list-row"
                  onClick={() => {
                    onChoose(place);
                    setOpen(false);
                    setWords("");
                  }}
                >
                  <span class="grow">
                    <strong lang="zh-CN">{place.name}</strong>
                    <br />
                    <span class="meta" lang="zh-CN">
                      {place.address}
                    </span>
                  </span>
                  {metres === null ? null : <span class="meta">{formatDistance(metres)}</span>}
                </button>
              </li>
            ))}
          </ul>
          <button type="button" class="button button-wide" onClick={() => onUnlisted(words.trim())}>
            <Icon name="pin" />
            {t("unlisted.choose")}
          </button>
        </>
      ) : null}
      {error ? (
        <p class="field-error" role="alert">
          {error}
        </p>
      ) : null}
    </section>
  );
}
