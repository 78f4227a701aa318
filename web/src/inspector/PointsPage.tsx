import { useEffect, useState } from "preact/hooks";
import { visits } from "../parts";
import { followPosition, position } from "../place/position";
import { formatDistance } from "../place/distance";
import { link } from "../router";
import { reference, referenceAt, refreshReference, typeOf } from "../session/reference";
import { isHintHidden } from "../session/preferences";
import { localName, t } from "../texts";
import { formatMoment } from "../time/moment";
import { Icon } from "../ui/Icon";
import { Empty, Loading, Notice } from "../ui/Notice";
import { Page } from "../ui/Page";
import { IssueRow } from "./IssueRow";
import { cacheTaskData } from "./cacheTaskData";
import { nearestFirst } from "./nearest";
import { useTasks } from "./tasks";
import { UnfinishedDrafts } from "./UnfinishedDrafts";

const ROWS_MAX = 50;

/** Today's work: assigned checks, reports that were sent back, and places nearby. */
export function PointsPage() {
  const [words, setWords] = useState("");
  const [failed, setFailed] = useState(false);
  useEffect(followPosition, []);
  const found = nearestFirst(words);
  return (
    <Page title={t("tab.points")}>
      <div class="stack-wide">
        <InstallHint />
        <UnfinishedDrafts />
        <Visits />
        <Tasks />
        <section class="stack" aria-labelledby="points-title">
          <h2 id="points-title">{t("points.title")}</h2>
          <div class="search field">
            <Icon name="search" />
            <input
              type="search"
              value={words}
              aria-label={t("place.search")}
              placeholder={t("place.search")}
              onInput={(event) => setWords(event.currentTarget.value)}
            />
          </div>
          {position.value.kind === "denied" || position.value.kind === "unavailable" ? (
            <p class="meta">{t("points.noPosition")}</p>
          ) : null}
          {reference.value === null ? (
            failed ? (
              <Notice tone="warn">
                <p>{t("points.noReference")}</p>
              </Notice>
            ) : (
              <Loading rows={5} />
            )
          ) : found.length === 0 ? (
            <Empty>{t("points.noneFound")}</Empty>
          ) : (
            <ul class="list">
              {found.slice(0, ROWS_MAX).map(({ place, metres }) => (
                <li key={place.id}>
                  <a class="list-row" href={link("point", place.id)}>
                    <span class="grow">
                      <span class="list-title" lang="zh-CN">
                        {place.name}
                      </span>
                      <span class="meta">
                        {localName(typeOf(place.type))}
                        {place.is_demo ? ` · ${t("place.demo")}` : ""}
                      </span>
                    </span>
                    {metres === null ? null : <span class="meta">{formatDistance(metres)}</span>}
                    <Icon name="next" />
                  </a>
                </li>
              ))}
            </ul>
          )}
          {found.length > ROWS_MAX ? <p class="meta">{t("points.more", { count: found.length - ROWS_MAX })}</p> : null}
          <p class="row-spread meta">
            <span>
              {referenceAt.value === null
                ? t("points.neverLoaded")
                : t("points.asOf", { at: formatMoment(referenceAt.value) })}
            </span>
            <button
              type="button"
              class="button button-plain"
              onClick={() => {
                setFailed(false);
                refreshReference().catch(() => setFailed(true));
              }}
            >
              {t("action.refresh")}
            </button>
          </p>
        </section>
      </div>
    </Page>
  );
}

/** Visits to make. They are loaded with the rest of visits, so that the places are there first. */
function Visits() {
  const [, setLoaded] = useState(false);
  useEffect(
    () =>
      void visits.load().then(
        () => setLoaded(true),
        () => undefined,
      ),
    [],
  );
  return visits.ready ? <visits.ready /> : null;
}

/** Assigned checks and look-backs, and reports that were sent back. */
function Tasks() {
  const mine = useTasks();
  const tasks = mine.body ?? [];
  const versions = tasks.map((issue) => `${issue.id}/${issue.version}`).join();
  useEffect(() => {
    if (versions && !mine.failure) void cacheTaskData(tasks).catch(() => undefined);
  }, [versions, mine.failure]);
  if (tasks.length === 0) return null;
  return (
    <section class="stack" aria-labelledby="tasks-title">
      <h2 id="tasks-title">{t("tasks.title", { count: tasks.length })}</h2>
      <ul class="list">
        {tasks.map((issue) => (
          <li key={issue.id}>
            <IssueRow issue={issue} />
          </li>
        ))}
      </ul>
    </section>
  );
}

/**
 * Shown until the app is installed or the hint is closed. An installed app opens offline, and iOS keeps its data
 * longer.
 */
function InstallHint() {
  const [isHidden, setHidden] = useState(isHintHidden.value);
  if (isHidden || matchMedia("(display-mode: standalone)").matches) return null;
  return (
    <div class="card card-tight">
      <div class="row-spread">
        <span class="grow">{t("points.install")}</span>
        <button
          type="button"
          class="icon-button"
          aria-label={t("action.close")}
          onClick={() => {
            isHintHidden.value = true;
            setHidden(true);
          }}
        >
          <Icon name="close" />
        </button>
      </div>
      <a class="button" href={link("install")}>
        {t("points.installHow")}
      </a>
    </div>
  );
}
