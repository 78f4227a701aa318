import { readMonth, readScorecard } from "../api/months";
import type { Figure, Month, Row, Scorecard } from "../api/months";
import { link } from "../router";
import { t } from "../texts";
import { Fetched } from "../ui/Notice";
import { Page } from "../ui/Page";
import { SheetLinks } from "../ui/SheetLinks";
import { useCached } from "../ui/useCached";
import { Objecting } from "./ObjectForm";
import { Objections } from "./Objections";
import { PrintButton } from "./PrintButton";
import { Listed } from "./Ranking";
import { isOffice, isUnit, rowLink } from "./role";
import { monthText, movedText, orNone, shareText, signed } from "./words";

/** What each term of the score is made of; the other figures are shown only. */
const METRICS_OF: Record<string, Figure["metric"][]> = {
  handling: ["handling", "on-time-handling", "rework", "overdue-open", "extension"],
  durability: ["rebound"],
};
const isOfTerm = (metric: Figure["metric"]): boolean => Object.values(METRICS_OF).some((of) => of.includes(metric));

/** A unit's score, opened down to its rows. */
export function CardPage({ month: name, unit }: { month: string; unit: string }) {
  const month = useCached<Month>(`months/${name}`, () => readMonth(name));
  return (
    <Page title={t("card.title")} back={link("months", name)} isWide={!isUnit()} aside={<PrintButton />}>
      <Fetched of={month}>
        {(body) => {
          const own = { ...body, objections: body.objections.filter((one) => one.unit_id === unit) };
          return (
            <div class="stack-wide">
              <CardOf month={own} unit={unit} onChange={month.reload} />
              {own.objections.length > 0 ? <Objections month={own} onChange={month.reload} /> : null}
            </div>
          );
        }}
      </Fetched>
    </Page>
  );
}

/** The card itself: also on a unit's own page of the month. */
export function CardOf({ month, unit, onChange }: { month: Month; unit: string; onChange: () => void }) {
  const card = useCached<Scorecard>(`months/${month.month}/card/${unit}`, () => readScorecard(month.month, unit));
  return <Fetched of={card}>{(body) => <Card month={month} card={body} onChange={onChange} />}</Fetched>;
}

interface Shown {
  month: Month;
  card: Scorecard;
  onChange: () => void;
}

function Card(shown: Shown) {
  const { month, card, onChange } = shown;
  return (
    <div class="stack-wide">
      <section class="card stack" aria-labelledby="score-title">
        <div class="stack-tight">
          <h2 id="score-title" lang="zh-CN">
            {card.name}
          </h2>
          <p class="meta" lang="zh-CN">
            {monthText(card.month)}
            {t("punctuation.dot")}
            {card.peer_group}
          </p>
        </div>
        <p class="wrap month-score">
          <span class="figure">{orNone(card.score)}</span>
          {card.score === null ? null : <span class="meta">{t("card.points")}</span>}
          <RankOf card={card} />
        </p>
        <Formula card={card} />
        <Terms card={card} />
        <div class="wrap month-line-up">
          <Objecting month={month} row={null} onChange={onChange} />
          <SheetLinks
            path={`/months/${card.month}/units/${card.unit_id}/export`}
            labels={[t("months.xlsx"), t("months.csv")]}
          />
        </div>
      </section>
      <div class="month-card">
        <PointsOf {...shown} />
        {(["handling", "durability"] as const).map((term) => (
          <section class="card stack" aria-labelledby={`term-${term}`} key={term}>
            <TermHead card={card} term={term} />
            <Figures card={card} of={card.figures.filter(({ metric }) => METRICS_OF[term]?.includes(metric))} />
            {term === "durability" && !isOffice() ? <p class="meta">{t("card.reboundHint")}</p> : null}
          </section>
        ))}
        <section class="card stack" aria-labelledby="others-title">
          <h2 id="others-title">{t("card.others")}</h2>
          <p class="meta">{t("card.othersHint")}</p>
          <Figures card={card} of={card.figures.filter(({ metric }) => !isOfTerm(metric))} />
        </section>
        <Deductions {...shown} />
        <Bonuses {...shown} />
        {card.adjustments.length > 0 ? (
          <section class="card stack" aria-labelledby="adjusted-title">
            <h2 id="adjusted-title">
              {t("card.adjusted")} <span class="meta">{signed(card.adjusted)}</span>
            </h2>
            <p class="meta">{t("card.adjustedHint")}</p>
            <ul class="month-list">
              {card.adjustments.map((row) => (
                <li key={row.id}>
                  <Line row={row} shown={shown} />
                </li>
              ))}
            </ul>
          </section>
        ) : null}
      </div>
    </div>
  );
}

function RankOf({ card }: { card: Scorecard }) {
  if (!card.is_sufficient)
    return (
      <>
        <span class="chip tone-warn">{t("card.insufficient")}</span>
        <span class="meta">{t("card.insufficientHint", { points: card.scored_points, issues: card.due_issues })}</span>
      </>
    );
  if (card.ranked === null) return null;
  const moved = movedText(card.ranked.moved);
  return (
    <>
      <strong>{t("card.rank", { rank: card.ranked.rank })}</strong>
      <span>
        <span class="meta">{t("ranking.moved")}</span> <span aria-hidden="true">{moved.short}</span>
        <span class="visually-hidden">{moved.whole}</span>
      </span>
      <Listed of={card.ranked.listed} />
    </>
  );
}

const LETTERS: Record<string, string> = { points: "A", handling: "B", durability: "C" };

/** How the score is made up, with this unit's numbers. */
function Formula({ card }: { card: Scorecard }) {
  const terms = card.terms.filter((term) => term.points !== null);
  return (
    <p class="month-formula">
      {t("card.formula")}{" "}
      {terms.map((term, at) => (
        <span key={term.term} class="nobreak">
          {at === 0 ? "" : " + "}
          {LETTERS[term.term]} {term.points}
        </span>
      ))}
      <span class="nobreak">
        {" \u2212 "}
        {t("card.deducted")} {card.deducted}
      </span>
      <span class="nobreak">
        {" + "}
        {t("card.added")} {card.added}
      </span>
      {card.adjustments.length === 0 ? null : (
        <span class="nobreak">
          {" "}
          {t("card.adjusted")} {signed(card.adjusted)}
        </span>
      )}
    </p>
  );
}

const percent = (weight: string): string => `${Math.round(Number(weight) * 10_000) / 100}%`;

function Terms({ card }: { card: Scorecard }) {
  return (
    <>
      <table class="month-terms">
        <caption class="visually-hidden">{t("card.terms")}</caption>
        <thead>
          <tr>
            <th scope="col">{t("card.term")}</th>
            <th scope="col">{t("card.value")}</th>
            <th scope="col">{t("card.weight")}</th>
            <th scope="col">{t("card.counted")}</th>
          </tr>
        </thead>
        <tbody>
          {card.terms.map((term) => (
            <tr key={term.term}>
              <th scope="row">
                {LETTERS[term.term]} {t(`term.${term.term}`)}
              </th>
              <td>{term.value ?? (term.points === null ? t("months.none") : t("card.hidden"))}</td>
              <td>{term.points === null ? "\u2013" : percent(term.weight)}</td>
              <td>{term.points ?? "\u2013"}</td>
            </tr>
          ))}
        </tbody>
      </table>
      {card.terms.some((term) => term.points === null) ? <p class="meta">{t("card.rescaled")}</p> : null}
    </>
  );
}

/** The name of a term with its letter in the formula, and what it counts. */
function TermHead({ card, term }: { card: Scorecard; term: Scorecard["terms"][number]["term"] }) {
  const points = card.terms.find((one) => one.term === term)?.points ?? null;
  return (
    <h2 id={`term-${term}`}>
      {LETTERS[term]} {t(`term.${term}`)}{" "}
      <span class="meta">{points === null ? t("months.none") : t("card.counts", { points })}</span>
    </h2>
  );
}

function PointsOf({ card, ...shown }: Shown) {
  return (
    <section class="card stack" aria-labelledby="term-points">
      <TermHead card={card} term="points" />
      {card.points.length === 0 ? (
        <p class="meta">{t("card.noPoints")}</p>
      ) : (
        <ul class="month-list">
          {card.points.map(({ row, score, weight }) => (
            <li key={row.id}>
              <Line row={row} shown={{ card, ...shown }}>
                <strong>{score}</strong>
                {Number(weight) === 1 ? null : (
                  <span class="meta">{t("card.pointWeight", { weight: String(Number(weight)) })}</span>
                )}
              </Line>
            </li>
          ))}
        </ul>
      )}
    </section>
  );
}

/** A row with what it counts, and the way to object to it. */
function Line({
  row,
  shown: { month, onChange },
  children,
}: {
  row: Row;
  shown: Shown;
  children?: preact.ComponentChildren;
}) {
  return (
    <div class="month-line">
      <RowName row={row} />
      <span class="wrap month-counts">{children}</span>
      {row.kind === "commendation" || !isUnit() ? null : <Objecting month={month} row={row} onChange={onChange} />}
    </div>
  );
}

/** What a row is called, with a link where this reader has its page. */
export function RowName({ row }: { row: Row }) {
  const name = row.name || t(`rowKind.${row.kind}`);
  const to = rowLink(row);
  return to === null ? (
    <span lang="zh-CN">{name}</span>
  ) : (
    <a class="tap" lang="zh-CN" href={to}>
      {name}
    </a>
  );
}

function Figures({ card, of }: { card: Scorecard; of: Figure[] }) {
  return (
    <ul class="month-figures">
      {of.map((figure) => (
        <li key={figure.metric}>
          <a class="plain row-spread" href={link("months", card.month, "unit", card.unit_id, figure.metric)}>
            <span>{t(`metric.${figure.metric}`)}</span>
            <span class="month-share">
              <strong>
                {figure.whole === null ? t("card.count", { count: figure.part }) : orNone(figure.percent)}
              </strong>
              {figure.whole === null ? null : <span class="meta">{shareText(figure)}</span>}
            </span>
          </a>
        </li>
      ))}
    </ul>
  );
}

function Deductions({ card, ...shown }: Shown) {
  return (
    <section class="card stack" aria-labelledby="deducted-title">
      <h2 id="deducted-title">
        {t("card.deducted")} <span class="meta">{signed(card.deducted, "-")}</span>
      </h2>
      {card.deductions.length === 0 ? (
        <p class="meta">{t("card.noDeductions")}</p>
      ) : (
        <ul class="month-list">
          {card.deductions.map((line, at) => (
            <li key={`${line.row.id}-${at}`}>
              <Line row={line.row} shown={{ card, ...shown }}>
                <span class="chip">{t(`head.${line.head}`)}</span>
                <strong>{signed(line.counted, "-")}</strong>
                {line.ruling === "counts" ? null : <span class="meta">{t(`ruling.${line.ruling}`)}</span>}
              </Line>
            </li>
          ))}
        </ul>
      )}
    </section>
  );
}

function Bonuses({ card, ...shown }: Shown) {
  return (
    <section class="card stack" aria-labelledby="added-title">
      <h2 id="added-title">
        {t("card.added")} <span class="meta">{signed(card.added, "+")}</span>
      </h2>
      {card.bonuses.every((bonus) => bonus.rows.length === 0) ? (
        <p class="meta">{t("card.noBonuses")}</p>
      ) : (
        card.bonuses
          .filter((bonus) => bonus.rows.length > 0)
          .map((bonus) => (
            <div class="stack-tight" key={bonus.head}>
              <h3>
                {t(`bonus.${bonus.head}`)} <span class="meta">{signed(bonus.points, "+")}</span>
              </h3>
              <ul class="month-list">
                {bonus.rows.map((row) => (
                  <li key={row.id}>
                    <Line row={row} shown={{ card, ...shown }} />
                  </li>
                ))}
              </ul>
            </div>
          ))
      )}
    </section>
  );
}
