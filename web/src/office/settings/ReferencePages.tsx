import { useEffect, useState } from "preact/hooks";
import { listPointsOutOfUse } from "../../api/points";
import type { ImportKind } from "../../api/sheets";
import type { Place, Reference, Unit } from "../../api/types";
import { asFailure } from "../../api/failure";
import type { Failure } from "../../api/failure";
import { link, route } from "../../router";
import { itemOf, reference, referenceAt, refreshReference, typeOf, unitOf } from "../../session/reference";
import { may } from "../../session/session";
import { localName, t, localTitle } from "../../texts";
import type { TextKey } from "../../texts";
import { formatLimit, formatLimitNote } from "../../time/limits";
import { formatMoment } from "../../time/moment";
import { useCached } from "../../ui/useCached";
import { FailureNotice, Loading, Notice } from "../../ui/Notice";
import { Page } from "../../ui/Page";
import { listLink, mapLink } from "../filters";
import { Filter, fitsNamed, Search, Table } from "./Table";

/** The reference data: the cached copy, refreshed when such a page opens. */
function useReference(): { body: Reference | null; failure: Failure | null; reload: () => void } {
  const [failure, setFailure] = useState<Failure | null>(null);
  const reload = () =>
    void refreshReference().then(
      () => setFailure(null),
      (cause: unknown) => setFailure(asFailure(cause)),
    );
  useEffect(reload, []);
  return { body: reference.value, failure, reload };
}

function ReferencePage({
  kind,
  children,
}: {
  kind: "units" | "points" | "items";
  children: (body: Reference) => preact.ComponentChildren;
}) {
  const { body, failure, reload } = useReference();
  return (
    <Page title={t(`import.${kind}`)} back={link("settings")} isWide>
      <div class="stack">
        <ImportLink kind={kind} />
        {failure && body === null ? <FailureNotice failure={failure} onRetry={reload} /> : null}
        {failure && body && referenceAt.value ? (
          <p class="meta" role="status">
            {t("state.asOf", { at: formatMoment(referenceAt.value) })}
          </p>
        ) : null}
        {body ? children(body) : failure ? null : <Loading rows={6} />}
      </div>
    </Page>
  );
}

export function ImportLink({ kind }: { kind: ImportKind }) {
  if (!may("manage-reference")) return null;
  return (
    <div class="wrap">
      <a class="button button-primary" href={link("settings", "import", kind)}>
        {t("import.title", { what: t(`import.${kind}`) })}
      </a>
      {kind === "units" || kind === "points" ? (
        <a class="button" href={link("setup", kind === "units" ? "unit" : "point", "new")}>
          {t(kind === "units" ? "units.add" : "points.add")}
        </a>
      ) : null}
    </div>
  );
}

export function UnitsPage() {
  const [words, setWords] = useState("");
  const [kind, setKind] = useState("");
  const [use, setUse] = useState("");
  return (
    <ReferencePage kind="units">
      {({ units, points }) => {
        const leads = new Map<string, number>();
        for (const point of points) leads.set(point.lead_unit_id, (leads.get(point.lead_unit_id) ?? 0) + 1);
        const kinds = [...new Set(units.map((unit) => unit.kind))];
        return (
          <>
            <Search label={t("units.search")} value={words} onInput={setWords} />
            <div class="filters">
              <Filter
                label={t("units.kind")}
                value={kind}
                onChange={setKind}
                options={kinds.map((one) => [one, unitKindText(one)])}
              />
              <UseFilter value={use} onChange={setUse} />
            </div>
            <p class="meta">{t("reference.backInUse")}</p>
            <Table
              key={`${words}|${kind}|${use}`}
              caption={t("import.units")}
              rows={units.filter(
                (unit) =>
                  fitsNamed(words, unit, unit.name, unit.code) &&
                  (kind === "" || unit.kind === kind) &&
                  (use === "" || unit.active === (use === "active")),
              )}
              keyOf={(unit) => unit.id}
              empty={t("table.empty")}
              columns={[
                {
                  label: t("units.name"),
                  cell: (unit) => (
                    <>
                      <strong lang="zh-CN">
                        {may("manage-reference") ? <a href={link("setup", "unit", unit.id)}>{unit.name}</a> : unit.name}
                      </strong>
                      {unit.active ? null : (
                        <>
                          {" "}
                          <span class="chip">{t("reference.outOfUse")}</span>
                        </>
                      )}
                    </>
                  ),
                },
                { label: t("units.code"), cell: (unit) => unit.code },
                { label: t("units.kind"), cell: (unit) => unitKindText(unit.kind) },
                { label: t("units.area"), cell: (unit) => unit.area_code },
                { label: t("units.points"), cell: (unit) => String(leads.get(unit.id) ?? 0) },
                ...(may("manage-point-heads")
                  ? [
                      {
                        label: t("settings.charge"),
                        cell: (unit: Unit) => <a href={link("settings", "charge", unit.id)}>{t("units.charge")}</a>,
                      },
                    ]
                  : []),
              ]}
            />
          </>
        );
      }}
    </ReferencePage>
  );
}

const unitKindText = (kind: string): string => t(`unitKind.${kind}` as TextKey);

function UseFilter({ value, onChange }: { value: string; onChange: (value: string) => void }) {
  return (
    <Filter
      label={t("reference.use")}
      value={value}
      onChange={onChange}
      options={[
        ["active", t("reference.inUse")],
        ["inactive", t("reference.outOfUse")],
      ]}
    />
  );
}

export function PointsListPage() {
  const [words, setWords] = useState(route.value.query.get("q") ?? "");
  const [type, setType] = useState("");
  const [campaign, setCampaign] = useState("");
  const [unit, setUnit] = useState("");
  const [use, setUse] = useState("active");
  const past = useCached<Place[]>("points/out-of-use", listPointsOutOfUse);
  return (
    <ReferencePage kind="points">
      {({ points, point_types, campaigns, units }) => (
        <>
          <Search label={t("place.search")} value={words} onInput={setWords} />
          <div class="filters">
            <Filter
              label={t("place.type")}
              value={type}
              onChange={setType}
              options={point_types.map((one) => [one.code, localName(one)])}
            />
            <Filter
              label={t("points.campaign")}
              value={campaign}
              onChange={setCampaign}
              options={campaigns.map((one) => [one.code, localName(one)])}
            />
            <Filter
              label={t("unit.title")}
              value={unit}
              onChange={setUnit}
              options={units.map((one) => [one.id, one.name])}
            />
            <UseFilter value={use} onChange={setUse} />
          </div>
          <div class="wrap">
            <a class="button" href={link("settings", "points", "codes")}>
              {t("codes.all")}
            </a>
          </div>
          {use === "active" ? null : past.failure && past.body === undefined ? (
            <FailureNotice failure={past.failure} onRetry={past.reload} />
          ) : (
            <p class="meta">{t("reference.backInUse")}</p>
          )}
          <Table
            key={`${words}|${type}|${campaign}|${unit}|${use}`}
            caption={t("import.points")}
            rows={[...(use === "inactive" ? [] : points), ...(use === "active" ? [] : (past.body ?? []))].filter(
              (point) =>
                fitsNamed(words, point, point.name, point.code, point.address) &&
                (type === "" || point.type === type) &&
                (campaign === "" || point.campaigns.includes(campaign)) &&
                (unit === "" || point.lead_unit_id === unit),
            )}
            keyOf={(point) => point.id}
            empty={t("points.noneFound")}
            columns={[
              {
                label: t("place.title"),
                cell: (point) => (
                  <>
                    <strong lang="zh-CN">
                      {may("manage-reference") ? (
                        <a href={link("setup", "point", point.id)}>{point.name}</a>
                      ) : (
                        point.name
                      )}
                    </strong>
                    {point.is_demo ? (
                      <>
                        {" "}
                        <span class="chip tone-info">{t("place.demo")}</span>
                      </>
                    ) : null}
                    {(past.body ?? []).includes(point) ? (
                      <>
                        {" "}
                        <span class="chip">{t("reference.outOfUse")}</span>
                      </>
                    ) : null}
                    <br />
                    <span class="caption">{point.code}</span>
                  </>
                ),
              },
              { label: t("place.type"), cell: (point) => localName(typeOf(point.type)) || point.type },
              {
                label: t("points.campaign"),
                cell: (point) =>
                  point.campaigns
                    .map((code) => localName(campaigns.find((one) => one.code === code)) || code)
                    .join(t("punctuation.comma")),
              },
              {
                label: t("unit.title"),
                cell: (point) => <span lang="zh-CN">{unitOf(point.lead_unit_id)?.name ?? t("unit.unknown")}</span>,
              },
              {
                label: t("place.address"),
                cell: (point) => (
                  <>
                    <span lang="zh-CN">{point.address}</span>
                    <br />
                    <span class="caption">
                      {point.location
                        ? `${point.location.lat.toFixed(5)}, ${point.location.lon.toFixed(5)} \u00b7 `
                        : `${t("points.unplaced")} \u00b7 `}
                      {t("points.radius", { metres: point.radius_m })}
                    </span>
                  </>
                ),
              },
              {
                label: t("points.duty"),
                cell: (point) => (
                  <span class="wrap">
                    <a href={`${link("settings", "duties")}?point=${point.id}`}>{t("points.whoAnswers")}</a>
                    <a href={`${link("settings", "points", "codes")}?point=${point.id}`}>{t("codes.one")}</a>
                    {may("read-issue") ? (
                      <>
                        <a href={mapLink(point.id)}>{t("tab.map")}</a>
                        <a href={listLink({ point_id: point.id })}>{t("map.toIssues")}</a>
                      </>
                    ) : null}
                  </span>
                ),
              },
            ]}
          />
        </>
      )}
    </ReferencePage>
  );
}

export function ItemsPage() {
  const [words, setWords] = useState("");
  const [campaign, setCampaign] = useState("");
  const [type, setType] = useState("");
  return (
    <ReferencePage kind="items">
      {({ items, campaigns, point_types }) => (
        <>
          <Search label={t("items.search")} value={words} onInput={setWords} />
          <div class="filters">
            <Filter
              label={t("points.campaign")}
              value={campaign}
              onChange={setCampaign}
              options={campaigns.map((one) => [one.code, localName(one)])}
            />
            <Filter
              label={t("place.type")}
              value={type}
              onChange={setType}
              options={point_types.map((one) => [one.code, localName(one)])}
            />
          </div>
          <Table
            key={`${words}|${campaign}|${type}`}
            caption={t("import.items")}
            rows={items.filter(
              (item) =>
                fitsNamed(words, item, item.code, item.title, item.title_en) &&
                (campaign === "" || item.campaign === campaign) &&
                (type === "" || item.point_types.includes(type) || item.point_types.includes("*")),
            )}
            keyOf={(item) => item.code}
            empty={t("item.noneFound")}
            columns={[
              {
                label: t("item.title"),
                cell: (item) => (
                  <>
                    <strong>{localTitle(itemOf(item.code)) || item.title}</strong>
                    <br />
                    <span class="caption">
                      {item.code}
                      {" \u00b7 "}
                      {localName(campaigns.find((one) => one.code === item.campaign)) || item.campaign}
                    </span>
                  </>
                ),
              },
              {
                label: t("items.limit"),
                cell: (item) => (
                  <>
                    {item.limit ? formatLimit(item.limit) : t("items.byPlan")}
                    {item.limit_note ? (
                      <>
                        <br />
                        <span class="caption" lang="zh-CN">
                          {formatLimitNote(item.limit_note)}
                        </span>
                      </>
                    ) : null}
                  </>
                ),
              },
              {
                label: t("items.weight"),
                cell: (item) => (
                  <>
                    {String(item.weight)}
                    {item.veto ? (
                      <>
                        {" "}
                        <span class="chip tone-danger">{t("item.veto")}</span>
                      </>
                    ) : null}
                  </>
                ),
              },
              {
                label: t("items.types"),
                cell: (item) =>
                  item.point_types.includes("*")
                    ? t("items.allTypes")
                    : item.point_types.map((code) => localName(typeOf(code)) || code).join(t("punctuation.comma")),
              },
              {
                label: t("items.source"),
                cell: (item) =>
                  item.source === "" ? null : (
                    <span lang="zh-CN" class="caption">
                      {item.source}
                    </span>
                  ),
              },
            ]}
          />
          <Notice>
            <p>{t("items.hint")}</p>
          </Notice>
        </>
      )}
    </ReferencePage>
  );
}
