import type { DrawRow } from "../../api/batches";
import { link } from "../../router";
import { may } from "../../session/session";
import { t } from "../../texts";
import { formatMoment } from "../../time/moment";
import { Empty, Fetched, Notice } from "../../ui/Notice";
import { Page } from "../../ui/Page";
import { useCached } from "../../ui/useCached";
import { lastOf, readAllDraws } from "./draws";
import { StateOf } from "./look";

/** Every draw that was committed to: what to write down at once, and where the proof is after the release. */
export function DrawsPage() {
  const draws = useCached<DrawRow[]>("draws", readAllDraws);
  return (
    <Page title={t("draws.title")} back={link(may("manage-batches") ? "batches" : "overview")} isWide>
      <div class="stack">
        <Notice>
          <p>{t("draws.intro")}</p>
        </Notice>
        <Fetched of={draws} rows={3}>
          {(all) =>
            all.length === 0 ? (
              <Empty>{t("draws.none")}</Empty>
            ) : (
              <ul class="stack">
                {all.map((row) => (
                  <li class="card stack-tight" key={row.batch_id}>
                    <div class="row-spread batch-wrap">
                      <h2 class="batch-name">
                        <a href={link("draws", row.batch_id)} lang="zh-CN">
                          {nameOf(row)}
                        </a>
                      </h2>
                      <StateOf state={row.state} />
                    </div>
                    <p class="meta">{whenOf(row)}</p>
                    <p class="digest">{lastOf(row)}</p>
                    {row.commitments.length > 1 ? (
                      <p class="text-warn">{t("draws.attempt", { attempt: row.commitments.length })}</p>
                    ) : null}
                  </li>
                ))}
              </ul>
            )
          }
        </Fetched>
      </div>
    </Page>
  );
}

/** Its title where that may be known, else what approved it. */
export const nameOf = (row: DrawRow): string =>
  row.title ?? row.approval_no ?? t("draws.unnamed", { id: row.batch_id.slice(0, 8) });

export const whenOf = (row: DrawRow): string =>
  (["approved_at", "drawn_at", "released_at"] as const)
    .flatMap((name) => {
      const at = row[name];
      return at === null ? [] : [t(`draws.${name}`, { at: formatMoment(at) })];
    })
    .join(t("punctuation.dot"));
