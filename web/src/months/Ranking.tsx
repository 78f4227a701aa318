import type { Month, RankedUnit, Ranking as RankingBody } from "../api/months";
import { readRanking } from "../api/months";
import { link } from "../router";
import { t } from "../texts";
import { Empty, Fetched } from "../ui/Notice";
import { SheetLinks } from "../ui/SheetLinks";
import { useCached } from "../ui/useCached";
import { Bars } from "./Bars";
import { isUnit, ownUnit } from "./role";
import { byUnit, movedText, orNone, shareText } from "./words";

/** Units by their groups, in the order of the ranking. */
export function groupsOf<U extends { peer_group: string }>(units: U[]): [group: string, units: U[]][] {
  const groups = new Map<string, U[]>();
  for (const unit of units) groups.set(unit.peer_group, [...(groups.get(unit.peer_group) ?? []), unit]);
  return [...groups];
}

/** The ranking by peer group, as bars and as a table; units with too few data apart. */
export function Ranking({ month: { month } }: { month: Month }) {
  const ranking = useCached<RankingBody>(`months/${month}/ranking`, () => readRanking(month));
  // Whether units see their group is the county's choice.
  if (isUnit() && ranking.failure?.code === "not-found") return <p class="meta">{t("ranking.notShown")}</p>;
  return (
    <Fetched of={ranking}>
      {({ ranked, insufficient, pass, demo_pass }) => (
        <div class="stack-wide">
          {pass || demo_pass ? (
            <ul class="month-rates">
              {pass ? <Rate label={t("ranking.pass")} of={pass} /> : null}
              {demo_pass ? <Rate label={t("ranking.demoPass")} of={demo_pass} /> : null}
            </ul>
          ) : null}
          {ranked.length === 0 ? <Empty>{t("ranking.empty")}</Empty> : null}
          {groupsOf(ranked).map(([group, units]) => (
            <Group key={group} month={month} group={group} units={units} />
          ))}
          {insufficient.length > 0 ? (
            <section class="card stack" aria-labelledby="few-title">
              <h2 id="few-title">{t("ranking.insufficient")}</h2>
              <p class="meta">{t("ranking.insufficientHint")}</p>
              <ul class="month-list month-few">
                {byUnit(insufficient).map((unit) => (
                  <li key={unit.unit_id} class="row-spread">
                    {isUnit() && unit.unit_id !== ownUnit() ? (
                      <span lang="zh-CN" class="tap">
                        {unit.name}
                      </span>
                    ) : (
                      <a lang="zh-CN" class="tap" href={link("months", month, "unit", unit.unit_id)}>
                        {unit.name}
                      </a>
                    )}
                    <span class="meta" lang="zh-CN">
                      {unit.peer_group}
                    </span>
                  </li>
                ))}
              </ul>
            </section>
          ) : null}
          <p class="meta">{t("ranking.method")}</p>
          <div class="wrap">
            <SheetLinks path={`/months/${month}/ranking/export`} labels={[t("months.xlsx"), t("months.csv")]} />
          </div>
        </div>
      )}
    </Fetched>
  );
}

function Rate({ label, of }: { label: string; of: NonNullable<RankingBody["pass"]> }) {
  return (
    <li class="card stack-tight">
      <span class="meta">{label}</span>
      <span class="figure">{orNone(of.percent)}</span>
      <span class="meta">{shareText(of)}</span>
    </li>
  );
}

export function Listed({ of }: { of: RankedUnit["listed"] }) {
  if (of === "neither") return null;
  return <span class={`chip ${of === "red" ? "listed-red" : "listed-black"}`}>{t(`listed.${of}`)}</span>;
}

function Group({ month, group, units }: { month: string; group: string; units: RankedUnit[] }) {
  const name = t("ranking.group", { group });
  const id = `group-${group}`;
  return (
    <section class="card stack" aria-labelledby={id}>
      <h2 id={id} lang="zh-CN">
        {group} <span class="meta">{t("ranking.count", { count: units.length })}</span>
      </h2>
      <div class="month-group">
        <Bars units={units} label={t("ranking.chart", { group })} />
        {/* biome-ignore lint/a11y/noNoninteractiveTabindex: what scrolls must be reachable by keyboard */}
        <div class="month-scroll-x" tabIndex={0} role="region" aria-label={name}>
          <table class="month-ranks month-order">
            <caption class="visually-hidden">{name}</caption>
            <thead>
              <tr>
                <th scope="col">{t("ranking.rank")}</th>
                <th scope="col">{t("ranking.unit")}</th>
                <th scope="col">{t("ranking.score")}</th>
                <th scope="col">{t("ranking.moved")}</th>
              </tr>
            </thead>
            <tbody>
              {units.map((unit) => {
                const moved = movedText(unit.moved);
                const isOwn = isUnit() && unit.unit_id === ownUnit();
                return (
                  <tr key={unit.unit_id} class={isOwn ? "own" : ""}>
                    <td>{unit.rank}</td>
                    <th scope="row">
                      {isUnit() && !isOwn ? (
                        <span lang="zh-CN">{unit.name}</span>
                      ) : (
                        <a lang="zh-CN" href={link("months", month, "unit", unit.unit_id)}>
                          {unit.name}
                        </a>
                      )}{" "}
                      {isOwn ? <span class="chip tone-info">{t("ranking.own")}</span> : null}{" "}
                      <Listed of={unit.listed} />
                    </th>
                    <td>{unit.score}</td>
                    <td class={(unit.moved ?? 0) > 0 ? "text-success" : (unit.moved ?? 0) < 0 ? "text-danger" : ""}>
                      <span aria-hidden="true">{moved.short}</span>
                      <span class="visually-hidden">{moved.whole}</span>
                    </td>
                  </tr>
                );
              })}
            </tbody>
          </table>
        </div>
      </div>
    </section>
  );
}
