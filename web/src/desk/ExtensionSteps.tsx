import { t } from "../texts";
import { formatDeadline, serverNow } from "../time/moment";
import { fromLocalInput, toLocalInput } from "../time/civil";
import { daysBetween, daysMax, daysMin, later, weekdayOf } from "./dayStep";
import { type, useField } from "./field";

const QUICK = [1, 3, 5, 7];

/** A later deadline by days, with the new one beside the present one before anything is sent. */
export function ExtensionSteps({ due, longest }: { due: string; longest: string | null }) {
  const typed = useField("until");
  const until = typed ? fromLocalInput(typed) : null;
  const days = until ? daysBetween(due, until) : null;
  const least = daysMin(due, serverNow());
  const most = daysMax(due, longest);
  const set = (count: number | null) =>
    type("until", () => (count === null ? "" : toLocalInput(later(due, Math.min(most, Math.max(least, count))))));
  const said = (at: string) => `${formatDeadline(at)} ${t("unitDesk.weekdays").split("|")[weekdayOf(at)] ?? ""}`;
  return (
    <section class="stack" aria-labelledby="extension-title">
      <h2 id="extension-title">{t("unitDesk.extension")}</h2>
      <div class="days">
        <button
          type="button"
          class="button"
          aria-label={t("unitDesk.dayLess")}
          disabled={days === null || days <= least}
          onClick={() => set((days ?? 1) - 1)}
        >
          {"\u2212"}
        </button>
        <strong role="status">
          {days === null ? t(until ? "unitDesk.otherTime" : "unitDesk.longest") : t("time.days", { days })}
        </strong>
        <button
          type="button"
          class="button"
          aria-label={t("unitDesk.dayMore")}
          disabled={most < least || (days !== null && days >= most)}
          onClick={() => set((days ?? 0) + 1)}
        >
          +
        </button>
      </div>
      <div class="wrap" role="group" aria-label={t("unitDesk.extension")}>
        {QUICK.filter((count) => count >= least && count <= most).map((count) => (
          <button type="button" class="phrase" key={count} aria-pressed={days === count} onClick={() => set(count)}>
            {t("time.days", { days: count })}
          </button>
        ))}
        <button type="button" class="phrase" aria-pressed={until === null} onClick={() => set(null)}>
          {t("unitDesk.longest")}
        </button>
      </div>
      <dl class="facts">
        <dt>{t("unitDesk.dueNow")}</dt>
        <dd>{said(due)}</dd>
        <dt>{t("unitDesk.dueThen")}</dt>
        <dd>
          <strong>{until ? said(until) : longest ? said(longest) : t("unitDesk.byService")}</strong>
        </dd>
      </dl>
      <p class="meta">{t("unitDesk.extensionHint")}</p>
    </section>
  );
}
