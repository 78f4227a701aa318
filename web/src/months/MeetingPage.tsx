import { useEffect, useState } from "preact/hooks";
import { readRanking } from "../api/months";
import type { RankedUnit, Ranking } from "../api/months";
import { link } from "../router";
import { me } from "./role";
import { cacheAnswer, readCached } from "../store/cache";
import { addTexts, t } from "../texts";
import { zhMeeting } from "../texts/zh/meeting";
import { Empty, Fetched } from "../ui/Notice";
import { Page } from "../ui/Page";
import { useCached } from "../ui/useCached";
import { MeetingBars } from "./MeetingBars";
import { MeetingSheet } from "./MeetingSheet";
import { ownBars, ranked } from "./meeting";
import type { Bar, MeetingScores } from "./meeting";
import { PrintButton } from "./PrintButton";
import { groupsOf } from "./Ranking";
import { monthText, movedText } from "./words";
import "./meeting.css";

addTexts(zhMeeting, () => import("../texts/en/meeting").then((part) => part.enMeeting));

/** What a sheet said stays on this device, and goes when its person signs out, as cached answers do. */
function useSheet(month: string): [scores: MeetingScores, keep: (scores: MeetingScores | null) => void] {
  const key = `${me()}|months/${month}/meeting`;
  const [scores, setScores] = useState<MeetingScores>({});
  useEffect(() => {
    readCached(key).then(
      (kept) => kept && setScores(kept.body as MeetingScores),
      () => undefined,
    );
  }, [key]);
  return [
    scores,
    (read) => {
      setScores(read ?? {});
      void cacheAnswer(key, { at: Date.now(), etag: null, body: read ?? {} }).catch(() => undefined);
    },
  ];
}

/** The screen of the monthly meeting 比拼拉练亮分 (M33): three dimensions, of which ours leads down to photos. */
export function MeetingPage({ month }: { month: string }) {
  const ranking = useCached<Ranking>(`months/${month}/ranking`, () => readRanking(month));
  const [scores, keep] = useSheet(month);
  const [chosen, setChosen] = useState<string | null>(null);
  return (
    <Page
      title={t("meeting.title", { month: monthText(month) })}
      back={link("months", month)}
      isWide
      aside={<PrintButton />}
    >
      <Fetched of={ranking}>
        {(body) => {
          const groups = groupsOf(body.ranked);
          const [group, units] = groups.find(([name]) => name === chosen) ?? groups[0] ?? ["", []];
          return (
            <div class="stack meeting">
              {groups.length > 1 ? (
                <div class="segments no-print" role="group" aria-label={t("meeting.group")}>
                  {groups.map(([name]) => (
                    <button type="button" key={name} aria-pressed={name === group} onClick={() => setChosen(name)}>
                      {name}
                    </button>
                  ))}
                </div>
              ) : null}
              {units.length === 0 ? (
                <Empty>{t("ranking.empty")}</Empty>
              ) : (
                <Group month={month} group={group} units={units} scores={scores} />
              )}
              <MeetingSheet onRead={keep} />
            </div>
          );
        }}
      </Fetched>
    </Page>
  );
}

function Group({
  month,
  group,
  units,
  scores,
}: {
  month: string;
  group: string;
  units: RankedUnit[];
  scores: MeetingScores;
}) {
  const dimensions: [name: "creation" | "economy" | "governance", bars: Bar[]][] = [
    ["creation", ownBars(units)],
    ["economy", ranked(units, scores, "economy")],
    ["governance", ranked(units, scores, "governance")],
  ];
  const hasSheet = units.some(({ unit_id }) => scores[unit_id]);
  return (
    <>
      <h2 class="meeting-group" lang="zh-CN">
        {group}
      </h2>
      <div class="meeting-three">
        {dimensions.map(([name, bars]) => (
          <section class="card stack-tight" key={name} aria-labelledby={`meeting-${name}`}>
            <h3 id={`meeting-${name}`}>{t(`meeting.${name}`)}</h3>
            {name === "creation" || hasSheet ? (
              <MeetingBars bars={bars} label={t("meeting.chart", { dimension: t(`meeting.${name}`), group })} />
            ) : (
              <p class="meta">{t("meeting.noSheet")}</p>
            )}
          </section>
        ))}
      </div>
      <Twin month={month} units={units} dimensions={dimensions} />
    </>
  );
}

/** The same as a table: of every unit its three scores and ranks, and how it moved; ours leads to its scorecard. */
function Twin({
  month,
  units,
  dimensions,
}: {
  month: string;
  units: RankedUnit[];
  dimensions: [name: "creation" | "economy" | "governance", bars: Bar[]][];
}) {
  return (
    <section class="card" aria-labelledby="meeting-table">
      <h3 id="meeting-table">{t("meeting.table")}</h3>
      {/* biome-ignore lint/a11y/noNoninteractiveTabindex: what scrolls must be reachable by keyboard */}
      <div class="month-scroll-x" tabIndex={0} role="region" aria-label={t("meeting.table")}>
        <table class="month-ranks meeting-table">
          <thead>
            <tr>
              <th scope="col">{t("ranking.unit")}</th>
              {dimensions.map(([name]) => (
                <th scope="col" key={name}>
                  {t(`meeting.${name}`)}
                </th>
              ))}
              <th scope="col">{t("ranking.moved")}</th>
            </tr>
          </thead>
          <tbody>
            {units.map((unit) => {
              const moved = movedText(unit.moved);
              return (
                <tr key={unit.unit_id}>
                  <th scope="row">
                    <a lang="zh-CN" href={link("months", month, "unit", unit.unit_id)}>
                      {unit.name}
                    </a>
                  </th>
                  {dimensions.map(([name, bars]) => (
                    <td key={name}>{cellText(bars.find(({ id }) => id === unit.unit_id))}</td>
                  ))}
                  <td>
                    <span aria-hidden="true">{moved.short}</span>
                    <span class="visually-hidden">{moved.whole}</span>
                  </td>
                </tr>
              );
            })}
          </tbody>
        </table>
      </div>
    </section>
  );
}

const cellText = (bar: Bar | undefined): string =>
  bar?.rank ? t("meeting.cell", { score: bar.text, rank: bar.rank }) : "\u2013";
