import { useEffect, useRef } from "preact/hooks";
import { figureQuery, readFigures } from "../../api/figures";
import type { Figures } from "../../api/figures";
import { unitOf } from "../../session/reference";
import { t } from "../../texts";
import { formatMoment } from "../../time/moment";
import { useCached } from "../../ui/useCached";
import type { Cached } from "../../ui/useCached";
import { Fetched } from "../../ui/Notice";
import { figureLink, spanOf } from "./links";
import type { Days, Figure, Scope } from "./links";
import { OverdueTop } from "./OverdueTop";
import { percentOf } from "./rate";
import { ScopeBar } from "./ScopeBar";
import { UnitMonths } from "./UnitMonths";
import { UnitsTable } from "./UnitsTable";
import { Weeks } from "./Weeks";
import "./figures.css";
import "./words";

/** Weeks that are shown. Source: our choice, as many as the overview shows. */
const WEEKS = 8;

export function useFigures(scope: Scope): Cached<Figures> {
  const query = figureQuery({ weeks: WEEKS, ...scope });
  return useCached<Figures>(`figures?${query}`, () => readFigures(query));
}

/** Eight weeks, the units, and what is late for longest. Each figure leads to the issues that it counts. */
export function FiguresView({
  of,
  scope,
  page,
  isReader,
}: {
  of: Cached<Figures>;
  scope: Scope;
  page: string;
  /** Whether it only knows of what was released. */
  isReader: boolean;
}) {
  const unit = scope.unit_id ? unitOf(scope.unit_id) : undefined;
  const heading = useRef<HTMLHeadingElement>(null);
  const isLed = useRef(false);
  const before = useRef(scope.unit_id);
  // A unit's name in the table leads to its figures on the same page, where that name is no more.
  useEffect(() => {
    if (before.current !== scope.unit_id) {
      before.current = scope.unit_id;
      isLed.current = !(document.activeElement instanceof HTMLSelectElement);
      // What is drawn still is what was there before.
      return;
    }
    if (!isLed.current || of.body === undefined) return;
    isLed.current = false;
    heading.current?.focus();
  }, [scope.unit_id, of.body]);
  return (
    <div class="stack-wide">
      <ScopeBar page={page} scope={scope} />
      <Fetched of={of} rows={6}>
        {(figures) => {
          const days = spanOf(figures.weeks);
          return (
            <div class="stack-wide">
              <section class="stack" aria-labelledby="standing-title">
                <h2 id="standing-title" ref={heading} tabIndex={-1}>
                  {unit ? (
                    <span lang="zh-CN">
                      {unit.name}
                      {t("punctuation.dot")}
                    </span>
                  ) : null}
                  {t("figures.standing", { weeks: figures.weeks.length })}
                </h2>
                <Standing figures={figures} days={days} scope={scope} isReader={isReader} />
              </section>
              <Weeks weeks={figures.weeks} scope={scope} isReader={isReader} />
              {scope.unit_id ? <UnitMonths key={scope.unit_id} unitId={scope.unit_id} isReader={isReader} /> : null}
              {scope.unit_id ? null : <UnitsTable units={figures.units} days={days} scope={scope} page={page} />}
              <OverdueTop scope={scope} count={figures.all.overdue} />
              <div class="stack-tight meta">
                <p>{t(isReader ? "figures.methodReleased" : "figures.method")}</p>
                <p>{t("figures.countedAt", { at: formatMoment(figures.at) })}</p>
              </div>
            </div>
          );
        }}
      </Fetched>
    </div>
  );
}

const CARDS = ["open", "overdue", "reminded", "entered", "closed", "on_time", "late", "rework", "rebounds"] as const;

/** All together, as figures. */
function Standing({
  figures: { all },
  days,
  scope,
  isReader,
}: {
  figures: Figures;
  days: Days;
  scope: Scope;
  isReader: boolean;
}) {
  const percent = percentOf(all.on_time, all.due);
  const card = (figure: Figure, shown: string, words: string, isLate = false) => (
    <li key={figure}>
      <a class="card card-tight figure-card figure-small" data-figure={figure} href={figureLink(figure, days, scope)}>
        <span class={`figure ${isLate ? "text-danger" : ""}`}>{shown}</span>
        <span>{words}</span>
      </a>
    </li>
  );
  return (
    <ul class="figures standing">
      {CARDS.map((name) =>
        name === "on_time"
          ? card(
              name,
              percent === null ? t("figures.none") : `${percent}%`,
              t("figures.onTimeOf", { count: all.on_time, due: all.due }),
            )
          : card(
              name,
              String(all[name]),
              t(name === "entered" && isReader ? "figures.released" : `figures.${name}`),
              name === "overdue" && all.overdue > 0,
            ),
      )}
      {card("median_days", all.median_days === null ? t("figures.none") : String(all.median_days), t("figures.median"))}
    </ul>
  );
}
