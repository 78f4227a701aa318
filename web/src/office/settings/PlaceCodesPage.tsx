import { useState } from "preact/hooks";
import type { Place } from "../../api/types";
import { link, route } from "../../router";
import { reference, typeOf } from "../../session/reference";
import { initialsOf } from "../../texts/searchForm";
import { named, t } from "../../texts";
import { Empty, Loading } from "../../ui/Notice";
import { Page } from "../../ui/Page";
import { codeOf, placeAddress } from "./placeCode";
import { Filter, fits, Search } from "./Table";

/** As many as are drawn at once; more make a slow page, and are chosen by the filters. */
const CODES_MAX = 120;

/** Codes of places to print: whoever scans one comes to the report form for that place. */
export function PlaceCodesPage() {
  const only = route.value.query.get("point");
  const [words, setWords] = useState("");
  const [type, setType] = useState("");
  const all = reference.value;
  const points = (all?.points ?? []).filter((point) => (only ? point.id === only : fits(words, point.name, point.code, point.address, initialsOf(point) ?? "") && (type === "" || point.type === type)));
  return (
    <Page title={t("codes.title")} back={link("settings", "points")} isWide aside={points.length > 0 ? <button type="button" class="button no-print" onClick={() => print()}>{t("office.print")}</button> : undefined}>
      <div class="stack">
        <div class="stack no-print">
          <p class="meta">{t("codes.hint")}</p>
          {only ? null : <><Search label={t("place.search")} value={words} onInput={setWords} /><div class="filters"><Filter label={t("place.type")} value={type} onChange={setType} options={(all?.point_types ?? []).map((one) => [one.code, named(one)])} /></div></>}
          {points.length > CODES_MAX ? <p class="text-warn" role="status">{t("codes.tooMany", { count: CODES_MAX, all: points.length })}</p> : null}
        </div>
        {all === null ? <Loading /> : points.length === 0 ? <Empty>{t("points.noneFound")}</Empty> : <ul class="codes">{points.slice(0, CODES_MAX).map((point) => <li key={point.id}><CodeCard point={point} /></li>)}</ul>}
      </div>
    </Page>
  );
}

function CodeCard({ point }: { point: Place }) {
  const address = placeAddress(location.origin, point.id);
  const { size, path } = codeOf(address);
  return (
    <figure class="code-card">
      <svg viewBox={`0 0 ${size} ${size}`} role="img" aria-label={t("codes.label", { name: point.name })} shape-rendering="crispEdges"><path d={path} /></svg>
      <figcaption><strong lang="zh-CN">{point.name}</strong><span>{named(typeOf(point.type))} · {point.code}</span></figcaption>
    </figure>
  );
}
