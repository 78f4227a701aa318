import type { Batch } from "../../api/batches";
import { link } from "../../router";
import { t } from "../../texts";
import { missed } from "./steps";

/** How far the visits of a batch are, in numbers: nothing that is shown before the end says where, when or by whom. */
export function LiveSection({ batch }: { batch: Batch }) {
  const gone = missed(batch);
  const figures: [name: "tasks" | "visited" | "open" | "missed" | "unreviewed" | "redraws", count: number][] = [
    ["tasks", batch.tasks],
    ["visited", batch.visited],
    ["open", batch.open_tasks],
    ["missed", gone],
    ["unreviewed", batch.unreviewed_reports],
    ["redraws", batch.redraws],
  ];
  return (
    <section class="card stack" aria-labelledby="live-title">
      <h2 id="live-title">{t("live.title")}</h2>
      <progress max={Math.max(1, batch.tasks)} value={batch.visited} aria-label={t("live.visited")} />
      <div role="status">
        <ul class="batch-figures">
          {figures.map(([name, count]) => (
            <li key={name}>
              <span class={`figure ${name === "missed" && count > 0 ? "text-danger" : ""}`}>{count}</span>
              <span>{t(`live.${name}`)}</span>
            </li>
          ))}
        </ul>
      </div>
      {batch.state === "released" ? null : <p class="meta">{t("live.hint")}</p>}
      <p>
        <a href={`${link("visits")}?batch=${batch.id}`}>{t("live.toVisits")}</a>
      </p>
    </section>
  );
}
