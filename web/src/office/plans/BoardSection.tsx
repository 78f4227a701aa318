import { useState } from "preact/hooks";
import { readBoard } from "../../api/plans";
import type { PointBoard, Standing } from "../../api/plans";
import { link } from "../../router";
import { unitOf } from "../../session/reference";
import { t } from "../../texts";
import { formatDay } from "../../time/moment";
import { FailureNotice } from "../../ui/Notice";
import { MoreRows } from "../../ui/MoreRows";
import { typeName } from "./GapSection";
import { usePaged } from "./usePaged";

type Row = PointBoard["items"][number];
const STANDINGS: Standing[] = ["fail", "stale", "never", "pass"];
const TONES: Record<Standing, string> = { fail: "tone-danger", stale: "tone-warn", never: "", pass: "tone-success" };
const noon = (day: string) => `${day}T04:00:00Z`;

/** How every point stands, the worst first. */
export function BoardSection() {
  const [standing, setStanding] = useState<Standing | null>(null);
  const [isDemo, setDemo] = useState(false);
  const [board, setBoard] = useState<PointBoard | null>(null);
  const rows = usePaged<Row>(`${standing ?? ""} ${isDemo}`, async (cursor) => {
    const page = await readBoard({ standing, demo: isDemo ? true : null, cursor });
    setBoard(page);
    return page;
  });
  const count = (of: Standing) => board?.counts.find((one) => one.standing === of)?.points ?? 0;
  return (
    <section class="card stack" aria-label={t("plans.board")}>
      <div class="wrap board-filter no-print" role="group" aria-label={t("pointBoard.filter")}>
        <button type="button" class="phrase" aria-pressed={standing === null} onClick={() => setStanding(null)}>
          {t("pointBoard.all")}
        </button>
        {STANDINGS.map((one) => (
          <button
            type="button"
            class="phrase"
            key={one}
            aria-pressed={standing === one}
            onClick={() => setStanding(one)}
          >
            {t(`pointBoard.${one}`)} {board ? count(one) : ""}
          </button>
        ))}
        <label class="tick">
          <input type="checkbox" checked={isDemo} onChange={() => setDemo(!isDemo)} />
          {t("pointBoard.demo")}
        </label>
      </div>
      {board ? (
        <p class="meta">
          {t("pointBoard.on", {
            day: formatDay(noon(board.day)),
            line: Number(board.pass_line),
            days: board.stale_days,
          })}
        </p>
      ) : null}
      {rows.rows.length === 0 ? (
        rows.failure ? (
          <FailureNotice failure={rows.failure} onRetry={rows.more} />
        ) : rows.isLoading ? (
          <p role="status">{t("state.loading")}</p>
        ) : (
          <p>{t("pointBoard.empty")}</p>
        )
      ) : (
        <>
          {/* biome-ignore lint/a11y/noNoninteractiveTabindex: what scrolls must be reachable by keyboard */}
          <div class="sheet-scroll" tabIndex={0} role="region" aria-label={t("pointBoard.table")}>
            <table class="figure-table board-table">
              <caption class="visually-hidden">{t("pointBoard.table")}</caption>
              <thead>
                <tr>
                  {(
                    [
                      "gap.point",
                      "pointBoard.filter",
                      "pointBoard.score",
                      "pointBoard.why",
                      "pointBoard.unit",
                      "pointBoard.visited",
                    ] as const
                  ).map((key) => (
                    <th scope="col" key={key}>
                      {t(key)}
                    </th>
                  ))}
                </tr>
              </thead>
              <tbody>
                {rows.rows.map((row) => (
                  <BoardRow key={row.point_id} row={row} line={Number(board?.pass_line)} />
                ))}
              </tbody>
            </table>
          </div>
          <MoreRows of={rows} />
        </>
      )}
    </section>
  );
}

function BoardRow({ row, line }: { row: Row; line: number }) {
  const why = [
    row.vetoed ? t("pointBoard.vetoed") : "",
    row.overdue.length > 0 ? t("pointBoard.overdue", { count: row.overdue.length }) : "",
    row.standing === "fail" && row.score !== null && Number(row.score) < line && !row.vetoed
      ? t("pointBoard.below")
      : "",
  ].filter(Boolean);
  return (
    <tr>
      <th scope="row">
        <span lang="zh-CN">{row.name}</span> {row.demo ? <span class="chip">{t("pointBoard.demoMark")}</span> : null}
        <span class="caption board-type">{typeName(row.point_type)}</span>
      </th>
      <td>
        <span class={`chip ${TONES[row.standing]}`}>{t(`pointBoard.${row.standing}`)}</span>
      </td>
      <td>{row.score ?? t("plans.none")}</td>
      <td>
        {row.overdue.length > 0 ? (
          <a href={`${link("issues")}?point_id=${row.point_id}&overdue=true`}>{why.join(t("punctuation.comma"))}</a>
        ) : (
          why.join(t("punctuation.comma"))
        )}
      </td>
      <td lang="zh-CN">{unitOf(row.lead_unit_id)?.name ?? t("unit.unknown")}</td>
      <td>{row.visited_on ? formatDay(noon(row.visited_on)) : t("plans.none")}</td>
    </tr>
  );
}
