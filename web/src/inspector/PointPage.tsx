import { useEffect } from "preact/hooks";
import { distanceM, distanceWords } from "../place/distance";
import { followPosition, position } from "../place/position";
import { link } from "../router";
import { itemsFor, placeOf, typeOf, unitOf } from "../session/reference";
import { uuid } from "../session/uuid";
import { named, t, titled } from "../texts";
import { limitWords, noteWords } from "../time/countdown";
import { Icon } from "../ui/Icon";
import { Empty } from "../ui/Notice";
import { Page } from "../ui/Page";

/** A place: how to find it, what to look at first, and what counts there. */
export function PointPage({ id }: { id: string }) {
  useEffect(followPosition, []);
  const place = placeOf(id);
  if (!place) return <Page title={t("place.title")} back={link("points")}><Empty>{t("place.unknown")}</Empty></Page>;
  const type = typeOf(place.type);
  const here = position.value.kind === "known" ? position.value.location : null;
  const items = itemsFor(place);
  return (
    <Page titleLang="zh-CN" title={place.name} back={link("points")}
      actions={<a class="button button-primary" href={`${link("report", uuid())}?point=${place.id}`}><Icon name="camera" />{t("place.report")}</a>}>
      <div class="stack">
        <div class="card">
          <dl class="facts">
            <dt>{t("place.address")}</dt><dd lang="zh-CN">{place.address}</dd>
            <dt>{t("place.type")}</dt><dd>{named(type)}{place.is_demo ? ` · ${t("place.demo")}` : ""}</dd>
            <dt>{t("unit.title")}</dt><dd>{unitOf(place.lead_unit_id)?.name ?? t("unit.unknown")}</dd>
            {here ? <><dt>{t("place.distance")}</dt><dd>{distanceWords(distanceM(here, place.location))}</dd></> : null}
            <dt>{t("place.code")}</dt><dd>{place.code}</dd>
          </dl>
        </div>
        {type?.look_first ? <div class="notice"><p><strong>{t("place.lookFirst")}</strong></p><p>{type.look_first}</p></div> : null}
        <details class="card card-tight">
          <summary>{t("place.items", { count: items.length })}</summary>
          <ul class="stack">
            {items.map((item) => (
              <li key={item.code}>
                <p>{titled(item)}{item.veto ? <> <span class="chip tone-danger">{t("item.veto")}</span></> : null}</p>
                <p class="caption">{item.code}{item.limit ? ` · ${t("item.limit", { limit: limitWords(item.limit) })}` : ""}{item.limit_note ? ` · ${noteWords(item.limit_note)}` : ""}</p>
              </li>
            ))}
          </ul>
        </details>
      </div>
    </Page>
  );
}
