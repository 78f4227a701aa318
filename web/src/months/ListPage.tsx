import { useState } from "preact/hooks";
import { listMonths } from "../api/months";
import type { Month } from "../api/months";
import { link } from "../router";
import { t } from "../texts";
import { serverNow } from "../time/moment";
import { Icon } from "../ui/Icon";
import { Empty, Fetched } from "../ui/Notice";
import { Page } from "../ui/Page";
import { useCached } from "../ui/useCached";
import { isOffice, isUnit, me } from "./role";
import { nextStep, unanswered } from "./step";
import { StateOf } from "./Strip";
import { dateText, monthText } from "./words";

/** How many months are shown before one asks for more: a year and the present one. */
const MONTHS_SHOWN = 13;

/** The months, the latest first, with how far each is and what comes next. */
export function ListPage() {
  const months = useCached<Month[]>("months", listMonths);
  const [isAll, setAll] = useState(false);
  return (
    <Page title={t("months.title")} back={link(isUnit() ? "month" : "overview")} isWide={!isUnit()}>
      <Fetched of={months}>
        {(items) => (
          <div class="stack-wide">
            {items.length === 0 ? (
              <Empty>{t(isOffice() ? "months.noneOffice" : "months.noneYet")}</Empty>
            ) : (
              <ul class="stack">
                {(isAll ? items : items.slice(0, MONTHS_SHOWN)).map((month) => (
                  <li key={month.month}>
                    <a class="card row-spread plain" href={link("months", month.month)}>
                      <span class="grow stack-tight">
                        <span class="wrap">
                          <span class="list-title">{monthText(month.month)}</span>
                          <StateOf state={month.state} />
                          {month.office?.is_lock_late ? (
                            <span class="chip tone-warn">{t("months.lockedLate")}</span>
                          ) : null}
                        </span>
                        <span class="meta">{lineOf(month)}</span>
                      </span>
                      <Icon name="next" />
                    </a>
                  </li>
                ))}
              </ul>
            )}
            {!isAll && items.length > MONTHS_SHOWN ? (
              <button type="button" class="button button-wide" onClick={() => setAll(true)}>
                {t("months.older", { count: items.length - MONTHS_SHOWN })}
              </button>
            ) : null}
            <More latest={items[0]?.month ?? null} />
          </div>
        )}
      </Fetched>
    </Page>
  );
}

/** What comes next in a month, and by when. */
function lineOf(month: Month): string {
  if (!isOffice()) {
    if (month.state === "preview") return t("months.objectUntil", { at: dateText(month.objections_until) });
    return month.circular_no ? t("months.circularIs", { no: month.circular_no }) : t(`monthHint.${month.state}`);
  }
  const step = nextStep(month, serverNow(), me());
  if (step.kind === "done") return month.circular_no ? t("months.circularIs", { no: month.circular_no }) : "";
  const count = unanswered(month.objections).length;
  const words = t("months.next", { what: t(`next.${step.kind}`, { count }) });
  return step.at === null
    ? words
    : `${words}${t("punctuation.comma")}${t(step.isFrom ? "months.from" : "months.by", { at: dateText(step.at) })}`;
}

function More({ latest }: { latest: string | null }) {
  const year = (latest ?? new Date(serverNow()).toISOString()).slice(0, 4);
  return (
    <nav class="wrap no-print" aria-label={t("months.more")}>
      <a class="button" href={link("months", "year", year)}>
        {t("months.year")}
      </a>
      {isOffice() ? (
        <>
          <a class="button" href={link("months", "rules")}>
            {t("months.rules")}
          </a>
          <a class="button" href={link("months", "groups")}>
            {t("months.groups")}
          </a>
        </>
      ) : null}
    </nav>
  );
}
