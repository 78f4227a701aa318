import { useEffect } from "preact/hooks";
import { listIssues } from "../api/issues";
import { issueQuery } from "../api/query";
import type { InspectorIssue, Page as Paged } from "../api/types";
import { distanceM, formatDistance } from "../place/distance";
import { navigationAddress } from "../place/navigation";
import { followPosition, position } from "../place/position";
import { link } from "../router";
import { placeOf, typeOf, unitOf } from "../session/reference";
import { itemsFor } from "../session/fitting";
import { may } from "../session/session";
import { uuid } from "../session/uuid";
import { openStates } from "../states";
import { localName, t, localTitle } from "../texts";
import { formatLimit, formatLimitNote } from "../time/limits";
import { Icon } from "../ui/Icon";
import { useCached } from "../ui/useCached";
import { Empty, Fetched } from "../ui/Notice";
import { Page } from "../ui/Page";
import { IssueRow } from "./IssueRow";
import { Colleagues } from "./Colleagues";
import { PointMap } from "./PointMap";
import "../texts/withForms";

/** A place: how to find it, what to look at first, and what counts there. */
export function PointPage({ id }: { id: string }) {
  useEffect(followPosition, []);
  const place = placeOf(id);
  if (!place)
    return (
      <Page title={t("place.title")} back={link("points")}>
        <Empty>{t("place.unknown")}</Empty>
      </Page>
    );
  const type = typeOf(place.type);
  const here = position.value.kind === "known" ? position.value.location : null;
  const metres = here && place.location ? distanceM(here, place.location) : null;
  const items = itemsFor(place);
  return (
    <Page
      titleLang="zh-CN"
      title={place.name}
      back={link("points")}
      actions={
        <>
          {may("record-visit") ? (
            <a class="button" href={`${link("visit", uuid())}?point=${place.id}`}>
              {t("visit.sudden")}
            </a>
          ) : null}
          <a class="button button-primary" href={`${link("report", uuid())}?point=${place.id}`}>
            <Icon name="camera" />
            {t("place.report")}
          </a>
        </>
      }
    >
      <div class="stack">
        <div class="card stack">
          {place.location ? <PointMap place={place} at={place.location} here={here} metres={metres} /> : null}
          <dl class="facts">
            <dt>{t("place.address")}</dt>
            <dd>
              <span lang="zh-CN">{place.address}</span>{" "}
              {place.location ? (
                <a
                  class="tap"
                  href={navigationAddress({ name: place.name, location: place.location })}
                  target="_blank"
                  rel="noopener noreferrer"
                >
                  {t("place.navigate")}
                </a>
              ) : null}
            </dd>
            <dt>{t("place.type")}</dt>
            <dd>
              {localName(type)}
              {place.is_demo ? ` · ${t("place.demo")}` : ""}
            </dd>
            <dt>{t("unit.title")}</dt>
            <dd>{unitOf(place.lead_unit_id)?.name ?? t("unit.unknown")}</dd>
            {metres === null ? null : (
              <>
                <dt>{t("place.distance")}</dt>
                <dd>{formatDistance(metres)}</dd>
              </>
            )}
            <dt>{t("place.code")}</dt>
            <dd>{place.code}</dd>
          </dl>
        </div>
        {type?.look_first ? (
          <div class="notice">
            <p>
              <strong>{t("place.lookFirst")}</strong>
            </p>
            <p>{type.look_first}</p>
          </div>
        ) : null}
        <OpenHere id={place.id} />
        <Colleagues pointId={place.id} />
        <details class="card card-tight">
          <summary>{t("place.items", { count: items.length })}</summary>
          <ul class="stack">
            {items.map((item) => (
              <li key={item.code}>
                <p>
                  {localTitle(item)}
                  {item.veto ? (
                    <>
                      {" "}
                      <span class="chip tone-danger">{t("item.veto")}</span>
                    </>
                  ) : null}
                </p>
                <p class="caption">
                  {item.code}
                  {item.limit ? ` · ${t("item.limit", { limit: formatLimit(item.limit) })}` : ""}
                  {item.limit_note ? ` · ${formatLimitNote(item.limit_note)}` : ""}
                </p>
              </li>
            ))}
          </ul>
        </details>
      </div>
    </Page>
  );
}

/** Open reports of this inspector at this place, so that nothing is reported twice. */
function OpenHere({ id }: { id: string }) {
  const list = useCached(
    `issues/open-at/${id}`,
    async () =>
      (await listIssues(issueQuery({ point_id: id, state: openStates().join(), limit: 20 }))) as Paged<InspectorIssue>,
  );
  return (
    <section class="stack">
      <h2>{t("place.openHere")}</h2>
      <Fetched of={list} rows={1}>
        {({ items }) =>
          items.length === 0 ? (
            <p class="meta">{t("place.nothingOpen")}</p>
          ) : (
            <ul class="list">
              {items.map((issue) => (
                <li key={issue.id}>
                  <IssueRow issue={issue} />
                </li>
              ))}
            </ul>
          )
        }
      </Fetched>
    </section>
  );
}
