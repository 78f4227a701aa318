import { useEffect, useState } from "preact/hooks";
import type { VisitTask } from "../api/types";
import { useDrafts } from "../inspector/UnfinishedDrafts";
import { entries } from "../outbox/drain";
import { distanceM, formatDistance } from "../place/distance";
import { navigationAddress } from "../place/navigation";
import { position } from "../place/position";
import { link } from "../router";
import { placeOf, typeOf } from "../session/reference";
import { uuid } from "../session/uuid";
import { localName, t } from "../texts";
import { countdown } from "../time/countdown";
import { formatClock, formatMoment, serverNow } from "../time/moment";
import { Icon } from "../ui/Icon";
import { useCached } from "../ui/useCached";
import { loadTasks, shownTasks, taskQuery } from "./tasks";
import type { ShownTask } from "./tasks";
import { progressOf } from "./progress";

/** How often an open page counts down, and asks for tasks that have come: they are shown from a moment on. */
const TICK_MS = 20_000;
const ASK_EVERY = 6;

/** The own tasks whose time has come. Where there are none it says the same, whatever is planned. */
export function VisitTasks() {
  const list = useCached<VisitTask[]>("visit-tasks", loadTasks);
  const [drafts, reloadDrafts] = useDrafts();
  // The form that was just left may still be being written; begun twice, one task would have two visits.
  useEffect(() => {
    if (typeof BroadcastChannel === "undefined") return;
    const written = new BroadcastChannel("drafts");
    written.onmessage = reloadDrafts;
    return () => written.close();
  }, []);
  const [ticks, setTicks] = useState(0);
  useEffect(() => {
    const timer = setTimeout(() => {
      if (document.visibilityState === "visible" && (ticks + 1) % ASK_EVERY === 0) list.reload();
      setTicks(ticks + 1);
    }, TICK_MS);
    return () => clearTimeout(timer);
  }, [ticks]);
  const shown = shownTasks(list.body ?? [], drafts, entries.value, serverNow());
  const left = shown.filter((one) => !one.entry).length;
  return (
    <section class="stack" aria-labelledby="visits-title">
      <h2 id="visits-title">
        {t("visit.tasks")} {left > 0 ? <span class="meta">{t("visit.left", { count: left })}</span> : null}
      </h2>
      {shown.length === 0 ? (
        <p class="meta">{t("visit.noTasks")}</p>
      ) : (
        <ul class="stack">
          {shown.map((one) => (
            <li key={`${one.task.batch_id}/${one.task.number}`}>
              <TaskCard shown={one} />
            </li>
          ))}
        </ul>
      )}
      {list.failure && list.at !== null ? (
        <p class="meta" role="status">
          {t("visit.asOf", { at: formatMoment(list.at) })}
        </p>
      ) : null}
    </section>
  );
}

/** Midnight is the end of the day. */
const endOf = (at: string): string => formatClock(at).replace("00:00", "24:00");

function TaskCard({ shown: { task, draft, entry } }: { shown: ShownTask }) {
  const place = placeOf(task.point_id);
  const here = position.value.kind === "known" ? position.value.location : null;
  const metres = here && place?.location ? distanceM(here, place.location) : null;
  const now = serverNow();
  const hasBegun = Date.parse(task.from) <= now;
  const { words, urgency } = countdown(task.to, now);
  const progress = draft ? progressOf(draft) : null;
  return (
    <article class="card stack">
      <div class="row-spread">
        <a class="grow plain" href={link("point", task.point_id)}>
          <span class="list-title" lang="zh-CN">
            {place?.name ?? t("place.unknown")}
          </span>
          <span class="meta">
            {[place ? localName(typeOf(place.type)) : "", metres === null ? "" : formatDistance(metres)]
              .filter(Boolean)
              .join(t("punctuation.dot"))}
          </span>
        </a>
        {place?.location ? (
          <a
            class="button"
            href={navigationAddress({ name: place.name, location: place.location })}
            target="_blank"
            rel="noopener noreferrer"
          >
            <Icon name="pin" />
            {t("place.navigate")}
          </a>
        ) : null}
      </div>
      <p>
        <strong>
          {formatClock(task.from)}—{endOf(task.to)}
        </strong>{" "}
        {entry ? null : (
          <span class={urgency === "calm" || !hasBegun ? "meta" : "text-warn"}>
            {hasBegun ? words : t("visit.beginsSoon")}
          </span>
        )}
      </p>
      <p class="meta">
        {t("visit.codeName", { name: task.code_name })}
        {task.with ? ` · ${t("visit.with", { name: task.with })}` : ""}
        {progress ? ` · ${t("visit.progress", progress)}` : ""}
      </p>
      {entry ? (
        <a class="button button-wide" href={link("outbox")}>
          {t("visit.waits")}
        </a>
      ) : (
        <a
          class="button button-primary button-wide"
          href={draft ? link("visit", draft.id) : `${link("visit", uuid())}?${taskQuery(task)}`}
        >
          {t(draft ? "visit.goOn" : "visit.begin")}
        </a>
      )}
    </article>
  );
}
