// A report that was found on a visit: the visit says its point and its item.
import type { Item, Place } from "../api/types";
import { cameFrom, goBack, goInstead, link } from "../router";
import { itemOf } from "../session/reference";
import type { ReportDraft } from "../store/records";
import { faultTitle, localTitle, t } from "../texts";

/** The report of the visit and the item that the address names; as it is where it names none. */
export function onVisit(draft: ReportDraft, query: URLSearchParams): ReportDraft {
  const [itemCode, visitId] = [query.get("item"), query.get("visit")];
  if (!itemCode || !visitId) return draft;
  const severity = itemOf(itemCode)?.veto ? "high" : "low";
  return { ...draft, fields: { ...draft.fields, itemCode, visitId, severity } };
}

/** Back to the form of the visit, which lies under this one unless the phone has killed the page meanwhile. */
export function backToVisit(visitId: string): void {
  const address = link("visit", visitId);
  if (cameFrom().startsWith(address)) goBack(address);
  else goInstead(address);
}

/** Where and what. Another item of the visit has a report of its own. */
export function OfVisit({ place, item, error }: { place: Place | undefined; item: Item; error: string | null }) {
  return (
    <div class="card card-tight stack-tight">
      <p>
        <strong lang="zh-CN">{place?.name}</strong>
      </p>
      <p>{faultTitle(item)}</p>
      <p class="meta">{`${item.code} · ${t("item.required")}${t("punctuation.colon")}${localTitle(item)}`}</p>
      {error ? (
        <p class="field-error" role="alert">
          {error}
        </p>
      ) : null}
    </div>
  );
}
