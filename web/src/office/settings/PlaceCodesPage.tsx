import { useEffect, useState } from "preact/hooks";
import type { Place } from "../../api/types";
import { link, route } from "../../router";
import { reference, typeOf } from "../../session/reference";
import { localName, t } from "../../texts";
import { Empty, Loading, Notice } from "../../ui/Notice";
import { Page } from "../../ui/Page";
import type * as Drawing from "./officeCode";
import { Filter, fitsNamed, Search } from "./Table";

/** Maximum number of codes on one page; more would be slow. */
const CODES_MAX = 120;

/** QR codes of places to print. Scanning one opens the report form for that place. */
export function PlaceCodesPage() {
  const only = route.value.query.get("point");
  const [words, setWords] = useState("");
  const [type, setType] = useState("");
  /** The module that draws the codes, loaded on demand; `undefined` while loading. */
  const [drawing, setDrawing] = useState<typeof Drawing | null | undefined>(undefined);
  useEffect(() => {
    import("./officeCode").then(setDrawing, () => setDrawing(null));
  }, []);
  const all = reference.value;
  const points = (all?.points ?? []).filter((point) =>
    only
      ? point.id === only
      : fitsNamed(words, point, point.name, point.code, point.address) && (type === "" || point.type === type),
  );
  return (
    <Page
      title={t("codes.title")}
      back={link("settings", "points")}
      isWide
      aside={
        points.length > 0 ? (
          <button type="button" class="button no-print" onClick={() => print()}>
            {t("office.print")}
          </button>
        ) : undefined
      }
    >
      <div class="stack">
        <div class="stack no-print">
          <p class="meta">{t("codes.hint")}</p>
          {only ? null : (
            <>
              <Search label={t("place.search")} value={words} onInput={setWords} />
              <div class="filters">
                <Filter
                  label={t("place.type")}
                  value={type}
                  onChange={setType}
                  options={(all?.point_types ?? []).map((one) => [one.code, localName(one)])}
                />
              </div>
            </>
          )}
          {points.length > CODES_MAX ? (
            <p class="text-warn" role="status">
              {t("codes.tooMany", { count: CODES_MAX, all: points.length })}
            </p>
          ) : null}
        </div>
        {drawing === null ? (
          <Notice tone="warn" role="alert">
            <p>{t("desk.needsNetwork")}</p>
          </Notice>
        ) : all === null || drawing === undefined ? (
          <Loading />
        ) : points.length === 0 ? (
          <Empty>{t("points.noneFound")}</Empty>
        ) : (
          <ul class="codes">
            {points.slice(0, CODES_MAX).map((point) => (
              <li key={point.id}>
                <CodeCard point={point} drawing={drawing} />
              </li>
            ))}
          </ul>
        )}
      </div>
    </Page>
  );
}

function CodeCard({ point, drawing: { codeOf, placeAddress } }: { point: Place; drawing: typeof Drawing }) {
  const address = placeAddress(location.origin, point.id);
  const { size, path } = codeOf(address);
  return (
    <figure class="code-card">
      <svg
        viewBox={`0 0 ${size} ${size}`}
        role="img"
        aria-label={t("codes.label", { name: point.name })}
        shape-rendering="crispEdges"
      >
        <path d={path} />
      </svg>
      <figcaption>
        <strong lang="zh-CN">{point.name}</strong>
        <span>
          {localName(typeOf(point.type))} · {point.code}
        </span>
      </figcaption>
    </figure>
  );
}
