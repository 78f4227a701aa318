import { useState } from "preact/hooks";
import { asFailure } from "../api/failure";
import type { Failure } from "../api/failure";
import { readFigure, readMonth } from "../api/months";
import type { FigureRows, Month } from "../api/months";
import { link } from "../router";
import { unitOf } from "../session/reference";
import { t, textIfKnown } from "../texts";
import type { TextKey } from "../texts";
import { Empty, FailureNotice, Fetched } from "../ui/Notice";
import { Page } from "../ui/Page";
import { useCached } from "../ui/useCached";
import { RowName } from "./CardPage";
import { Objecting } from "./ObjectForm";
import { isUnit } from "./role";
import { monthText, orNone, shareText } from "./words";

const PAGE_ROWS = 50;
/** Nothing of it is a share of an issue. */
const isWhole = (count: string | null): boolean => count === null || /^\d+(\.0+)?$/.test(count);

interface Props {
  month: string;
  unit: string;
  metric: string;
}

/** The rows behind a figure of a scorecard. */
export function FigurePage({ month: name, unit, metric }: Props) {
  const first = useCached<FigureRows>(`months/${name}/card/${unit}/${metric}`, () =>
    readFigure(name, unit, metric, PAGE_ROWS, null),
  );
  const month = useCached<Month>(`months/${name}`, () => readMonth(name));
  return (
    <Page
      title={textIfKnown(`metric.${metric}`) ?? t("card.title")}
      back={link("months", name, "unit", unit)}
      isWide={!isUnit()}
    >
      <Fetched of={first}>
        {(body) => (
          <Rows
            key={first.at}
            first={body}
            unit={unit}
            more={(cursor) => readFigure(name, unit, metric, PAGE_ROWS, cursor)}
            month={month.body}
            onChange={month.reload}
          />
        )}
      </Fetched>
    </Page>
  );
}

function Rows({
  first,
  unit,
  more,
  month,
  onChange,
}: {
  first: FigureRows;
  unit: string;
  more: (cursor: number) => Promise<FigureRows>;
  month: Month | undefined;
  onChange: () => void;
}) {
  const [items, setItems] = useState(first.items);
  const [next, setNext] = useState<number | null>(first.next_cursor ?? null);
  const [isLoading, setLoading] = useState(false);
  const [failure, setFailure] = useState<Failure | null>(null);
  const { figure } = first;

  async function load() {
    if (next === null) return;
    setLoading(true);
    setFailure(null);
    try {
      const page = await more(next);
      setItems([...items, ...page.items]);
      setNext(page.next_cursor ?? null);
    } catch (cause) {
      setFailure(asFailure(cause));
    } finally {
      setLoading(false);
    }
  }

  return (
    <div class="stack-wide">
      <section class="card stack-tight">
        <p class="meta" lang="zh-CN">
          {[month ? monthText(month.month) : "", unitOf(unit)?.name ?? ""].filter(Boolean).join(t("punctuation.dot"))}
        </p>
        <p class="wrap month-score">
          <span class="figure">
            {figure.whole === null ? t("card.count", { count: figure.part }) : orNone(figure.percent)}
          </span>
          {figure.whole === null ? null : <span>{shareText(figure)}</span>}
        </p>
        <p class="meta">{t(`metricHint.${figure.metric}` as TextKey)}</p>
        {isWhole(figure.part) && isWhole(figure.whole) ? null : <p class="meta">{t("figure.exactHint")}</p>}
      </section>
      {items.length === 0 ? (
        <Empty>{t("figure.empty")}</Empty>
      ) : (
        <section class="card stack" aria-labelledby="rows-title">
          <h2 id="rows-title">{t("figure.rows")}</h2>
          <ul class="month-list">
            {items.map(({ row, is_part }) => (
              <li key={row.id} class="month-line">
                <RowName row={row} />
                <span class="wrap month-counts">
                  {figure.whole === null ? null : (
                    <span class={is_part ? "chip tone-info" : "chip"}>
                      {t(`${is_part ? "metricPart" : "metricRest"}.${figure.metric}` as TextKey)}
                    </span>
                  )}
                </span>
                {isUnit() && month ? <Objecting month={month} row={row} onChange={onChange} /> : null}
              </li>
            ))}
          </ul>
        </section>
      )}
      {failure ? <FailureNotice failure={failure} onRetry={() => void load()} /> : null}
      {next === null ? (
        <p class="meta centre">{t("figure.all", { count: items.length })}</p>
      ) : (
        <button type="button" class="button button-wide" disabled={isLoading} onClick={() => void load()}>
          {t("figure.more", { count: items.length })}
        </button>
      )}
    </div>
  );
}
