import { listIssues } from "../api/issues";
import { issueQuery } from "../api/query";
import type { InspectorIssue, Location, Page } from "../api/types";
import { entries } from "../outbox/drain";
import { link } from "../router";
import { hoursOf, zoneAt } from "../place/zones";
import { itemOf, placeOf, reference } from "../session/reference";
import { itemsFor } from "../session/fitting";
import { openStates } from "../states";
import type { ReportFields } from "../store/reportFields";
import { addTexts, faultTitle, t } from "../texts";
import { zhPhone } from "../texts/zh/phone";
import { formatDay } from "../time/moment";
import { useCached } from "../ui/useCached";
import { Notice } from "../ui/Notice";
import { Colleagues } from "./Colleagues";
import { lastReport, reportedBefore } from "./hints";
import type { EarlierReport } from "./hints";

addTexts(zhPhone);

const SHOWN_MAX = 3;

/** Shown while a report is written, so that nothing is reported twice. It never blocks the report. */
export function AlreadyHere({
  pointId,
  itemCode,
  ownId,
  replaces,
}: {
  pointId: string;
  itemCode: string;
  ownId: string;
  replaces: string[] | undefined;
}) {
  const query = issueQuery({ point_id: pointId, item_code: itemCode, state: openStates().join(), limit: 20 });
  const list = useCached(
    `issues/open-at/${pointId}/${itemCode}`,
    async () => (await listIssues(query)) as Page<InspectorIssue>,
  );
  const before = reportedBefore(list.body?.items ?? [], entries.value, { pointId, itemCode, ownId, replaces });
  return (
    <>
      {before.length > 0 ? <Mine before={before} /> : null}
      <Colleagues pointId={pointId} itemCode={itemCode} />
    </>
  );
}

function Mine({ before }: { before: EarlierReport[] }) {
  return (
    <Notice tone="warn" role="status">
      <p>
        <strong>{t("hints.already", { count: before.length })}</strong>
      </p>
      <ul class="stack-tight">
        {before.slice(0, SHOWN_MAX).map((one) => (
          <li key={one.id}>
            <a class="tap" href={one.state === null ? link("outbox") : link("issue", one.id)}>
              {formatDay(one.at)} · {one.state === null ? t("hints.unsent") : t(`issue.${one.state}`)}
            </a>
          </li>
        ))}
      </ul>
      <p class="meta">{t("hints.alreadyHint")}</p>
    </Notice>
  );
}

/** Copies place, item and severity of the last report; offered while nothing is chosen yet. */
export function CopyLast({
  fields,
  onCopy,
}: {
  fields: ReportFields;
  onCopy: (change: Partial<ReportFields>) => void;
}) {
  const last = lastReport(entries.value);
  const place = placeOf(last?.pointId ?? null);
  const item = itemOf(last?.itemCode ?? null);
  if (fields.itemCode !== null || !last || !place || !item || !itemsFor(place).includes(item)) return null;
  return (
    <button
      type="button"
      class="button button-wide"
      onClick={() => onCopy({ pointId: place.id, itemCode: item.code, severity: last.severity })}
    >
      {t("hints.copyLast", { place: place.name, item: faultTitle(item) })}
    </button>
  );
}

/** Where and when stalls are permitted: they are no fault there, and their dirt is. */
export function ZoneHint({ location, at }: { location: Location; at: number }) {
  const zone = zoneAt(reference.value?.zones ?? [], location, at);
  if (!zone) return null;
  return (
    <Notice tone="warn" role="status">
      <p>
        <strong>{t("zone.here", { goods: zone.goods, hours: hoursOf(zone) })}</strong>
      </p>
      <p class="meta">{t("zone.hereHint", { policy: zone.policy_no })}</p>
    </Notice>
  );
}
