import { useState } from "preact/hooks";
import { listBoard } from "../api/months";
import type { StandingPoint } from "../api/months";
import { link } from "../router";
import { unitOf } from "../session/reference";
import { t } from "../texts";
import { Empty, Fetched } from "../ui/Notice";
import { Page } from "../ui/Page";
import { useCached } from "../ui/useCached";
import { isUnit } from "./role";
import { monthText, orNone } from "./words";

type Standing = StandingPoint["standing"];
const STANDINGS: Standing[] = ["fail", "stale", "never", "pass"];
const TONES: Record<Standing, string> = { fail: "tone-danger", stale: "tone-warn", never: "", pass: "tone-success" };
const ROWS = 100;

/** How the points stand at the cut-off, failing ones first. */
export function BoardPage({ month }: { month: string }) {
  const board = useCached<StandingPoint[]>(`months/${month}/board`, () => listBoard(month));
  const [chosen, setChosen] = useState<Standing | null>(null);
  const [shown, setShown] = useState(ROWS);
  return (
    <Page title={t("board.title")} back={link("months", month)} isWide={!isUnit()}>
      <Fetched of={board}>
        {(points) => {
          const wanted = points.filter((point) => chosen === null || point.standing === chosen);
          const of = (standing: Standing) => points.filter((point) => point.standing === standing).length;
          return (
            <div class="stack">
              <p class="meta">
                {monthText(month)}
                {t("punctuation.dot")}
                {t("board.hint")}
              </p>
              <div class="segments no-print" role="group" aria-label={t("board.filter")}>
                <button type="button" aria-pressed={chosen === null} onClick={() => setChosen(null)}>
                  {t("board.all", { count: points.length })}
                </button>
                {STANDINGS.map((standing) => (
                  <button
                    key={standing}
                    type="button"
                    aria-pressed={chosen === standing}
                    onClick={() => setChosen(standing)}
                  >
                    {t(`standing.${standing}`)} {of(standing)}
                  </button>
                ))}
              </div>
              {wanted.length === 0 ? (
                <Empty>{t("board.empty")}</Empty>
              ) : (
                <ul class="list">
                  {wanted.slice(0, shown).map((point) => (
                    <li key={point.point_id} class="month-line board-line">
                      <span class="stack-tight">
                        <span class="wrap">
                          {isUnit() ? (
                            <span class="list-title" lang="zh-CN">
                              {point.name}
                            </span>
                          ) : (
                            <a class="list-title" lang="zh-CN" href={`${link("issues")}?point_id=${point.point_id}`}>
                              {point.name}
                            </a>
                          )}
                          {point.is_demo ? <span class="chip tone-info">{t("board.demo")}</span> : null}
                        </span>
                        {isUnit() ? null : (
                          <span class="meta" lang="zh-CN">
                            {unitOf(point.lead_unit_id)?.name ?? t("months.unitUnknown")}
                          </span>
                        )}
                      </span>
                      <span class="wrap month-counts">
                        <span class={`chip ${TONES[point.standing]}`}>{t(`standing.${point.standing}`)}</span>
                        {point.score === null ? null : <strong>{orNone(point.score)}</strong>}
                        {point.is_vetoed ? <span class="text-danger">{t("board.vetoed")}</span> : null}
                        {point.overdue.map((id, at) => (
                          <a key={id} class="tap text-danger" href={link("issue", id)}>
                            {t("board.overdue", { at: at + 1 })}
                          </a>
                        ))}
                      </span>
                    </li>
                  ))}
                </ul>
              )}
              {wanted.length > shown ? (
                <button type="button" class="button button-wide" onClick={() => setShown(shown + ROWS)}>
                  {t("figure.more", { count: shown })}
                </button>
              ) : null}
            </div>
          );
        }}
      </Fetched>
    </Page>
  );
}
