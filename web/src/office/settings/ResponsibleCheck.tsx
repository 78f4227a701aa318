import { useEffect, useState } from "preact/hooks";
import { readResponsible } from "../../api/responsible";
import type { Responsible } from "../../api/responsible";
import { asFailure } from "../../api/failure";
import type { Failure } from "../../api/failure";
import { route } from "../../router";
import { placeOf, reference, unitOf } from "../../session/reference";
import { itemsFor } from "../../session/fitting";
import { t, localTitle } from "../../texts";
import { FailureNotice, Loading, Notice } from "../../ui/Notice";
import { fitsNamed, Search } from "./Table";

/** Places that are offered while one types. */
const OFFERED_MAX = 6;

/** Who would answer for an item at a point today, and which duty says so. */
export function ResponsibleCheck() {
  const [pointId, setPointId] = useState<string | null>(route.value.query.get("point"));
  const [words, setWords] = useState("");
  const [item, setItem] = useState("");
  const point = placeOf(pointId);
  const items = itemsFor(point);
  const offered =
    words.trim() === ""
      ? []
      : (reference.value?.points ?? [])
          .filter((place) => fitsNamed(words, place, place.name, place.code, place.address))
          .slice(0, OFFERED_MAX);
  return (
    <section class="card stack" aria-labelledby="responsible-title">
      <h2 id="responsible-title">{t("responsible.title")}</h2>
      {point ? (
        <p class="row-spread">
          <span>
            <strong lang="zh-CN">{point.name}</strong> <span class="caption">{point.code}</span>
          </span>
          <button
            type="button"
            class="button"
            onClick={() => {
              setPointId(null);
              setItem("");
            }}
          >
            {t("place.change")}
          </button>
        </p>
      ) : (
        <>
          <Search label={t("responsible.point")} value={words} onInput={setWords} />
          {words.trim() === "" ? null : offered.length === 0 ? (
            <p class="meta">{t("points.noneFound")}</p>
          ) : (
            <ul class="list">
              {offered.map((place) => (
                <li key={place.id}>
                  <button
                    type="button"
                    class="list-row"
                    onClick={() => {
                      setPointId(place.id);
                      setWords("");
                    }}
                  >
                    <span class="grow">
                      <span lang="zh-CN">{place.name}</span> <span class="caption">{place.code}</span>
                    </span>
                  </button>
                </li>
              ))}
            </ul>
          )}
        </>
      )}
      {point ? (
        <div class="field">
          <label class="label" for="responsible-item">
            {t("item.title")}
          </label>
          <select id="responsible-item" value={item} onChange={(event) => setItem(event.currentTarget.value)}>
            <option value="">{t("responsible.chooseItem")}</option>
            {items.map((one) => (
              <option key={one.code} value={one.code}>{`${one.code} ${localTitle(one)}`}</option>
            ))}
          </select>
        </div>
      ) : null}
      {point && item !== "" ? <Answer key={`${point.id}|${item}`} point={point.id} item={item} /> : null}
    </section>
  );
}

function Answer({ point, item }: { point: string; item: string }) {
  const [found, setFound] = useState<Responsible | null>(null);
  const [failure, setFailure] = useState<Failure | null>(null);
  const load = () => {
    setFailure(null);
    readResponsible(point, item).then(setFound, (cause: unknown) => setFailure(asFailure(cause)));
  };
  useEffect(load, [point, item]);
  if (failure) return <FailureNotice failure={failure} onRetry={load} />;
  if (!found) return <Loading rows={1} />;
  const nameOf = (id: string) => unitOf(id)?.name ?? t("unit.unknown");
  return (
    <Notice tone="success" role="status">
      <p>
        {t("responsible.lead")}
        <strong lang="zh-CN">{nameOf(found.lead_unit_id)}</strong>
      </p>
      <p>{t("responsible.basis", { basis: t(`basis.${found.basis}`) })}</p>
      <p class="meta">{t(`basisHint.${found.basis}`)}</p>
      {found.others.length > 0 ? (
        <ul>
          {found.others.map((other) => (
            <li key={`${other.role}${other.unit_id}`}>
              {t(`duty.${other.role}`)}
              {t("punctuation.colon")}
              <span lang="zh-CN">{nameOf(other.unit_id)}</span>
            </li>
          ))}
        </ul>
      ) : null}
    </Notice>
  );
}
