import { listOpenCases } from "../api/openCases";
import type { OpenCases } from "../api/openCases";
import { itemOf } from "../session/reference";
import { addTexts, faultTitle, t } from "../texts";
import { zhPhone } from "../texts/zh/phone";
import { SeverityChip } from "../ui/StateChip";
import { useCached } from "../ui/useCached";

addTexts(zhPhone);

/** What colleagues have reported here and is not done; only of this item, if one is named. */
export function Colleagues({ pointId, itemCode }: { pointId: string; itemCode?: string }) {
  const list = useCached<OpenCases[]>(`open-cases/${pointId}`, () => listOpenCases(pointId));
  const cases = (list.body ?? []).filter((one) => itemCode === undefined || one.item_code === itemCode);
  if (cases.length === 0) return null;
  return (
    <section class="stack" aria-label={t("hints.colleagues")}>
      <h2>{t("hints.colleagues")}</h2>
      <ul class="list">
        {cases.map((one) => (
          <li class="list-row" key={`${one.item_code}/${one.severity}/${one.is_released}`}>
            <span class="grow">
              <strong>{faultTitle(itemOf(one.item_code)) || one.item_code}</strong>
              <br />
              <span class="meta">{t(one.is_released ? "hints.withUnit" : "hints.inReview", { count: one.count })}</span>
            </span>
            <SeverityChip severity={one.severity} />
          </li>
        ))}
      </ul>
      <p class="meta">{t("hints.colleaguesHint")}</p>
    </section>
  );
}
