import { readBatches } from "../../api/batches";
import type { Batch, Paged } from "../../api/batches";
import { link, route } from "../../router";
import { session } from "../../session/session";
import { t } from "../../texts";
import { civilDay } from "../../time/civil";
import { serverNow } from "../../time/moment";
import { Fetched } from "../../ui/Notice";
import { Page } from "../../ui/Page";
import { useCached } from "../../ui/useCached";
import { readKept } from "./kept";
import { isMine, isTab, missed, nextOf, TABS } from "./steps";
import type { TabName } from "./steps";
import { StateOf, windowText } from "./look";

/** All pages of the list: a county has some dozens of batches a year. */
async function readAll(): Promise<Batch[]> {
  const all: Batch[] = [];
  let cursor: string | null = null;
  do {
    const page: Paged<Batch> = await readBatches(cursor);
    all.push(...page.items);
    cursor = page.next_cursor;
  } while (cursor !== null && all.length < 500);
  return all;
}

const inTab = (batches: Batch[], tab: TabName) =>
  batches.filter(({ state }) => (TABS[tab] as readonly string[]).includes(state));

/** Batches by how far they are, and how to begin one. */
export function ListPage() {
  const batches = useCached<Batch[]>("batches", readAll);
  const asked = route.value.query.get("tab") ?? "";
  const hasDraft = readKept("plan/new") !== null;
  return (
    <Page title={t("batches.title")} back={link("overview")} isWide>
      <Fetched of={batches} rows={4}>
        {(all) =>
          all.length === 0 ? (
            <div class="stack">
              <Beginning hasDraft={hasDraft} />
              <div class="wrap">
                <Records />
              </div>
            </div>
          ) : (
            <div class="stack">
              <div class="wrap">
                <a class="button button-primary" href={link("batches", "new")}>
                  {t(hasDraft ? "batches.goOn" : "batches.new")}
                </a>
                <Records />
              </div>
              <Rows all={all} tab={isTab(asked) ? asked : firstTab(all)} />
            </div>
          )
        }
      </Fetched>
    </Page>
  );
}

/** What came of batches, and how they were drawn. */
const Records = () => (
  <>
    <a class="button" href={link("visits")}>
      {t("visits.title")}
    </a>
    <a class="button" href={link("draws")}>
      {t("draws.title")}
    </a>
  </>
);

/** The first tab in which there is something. */
const firstTab = (all: Batch[]): TabName =>
  (Object.keys(TABS) as TabName[]).find((tab) => inTab(all, tab).length > 0) ?? "plans";

/** What a batch is and how to begin, for a county that has none. */
function Beginning({ hasDraft }: { hasDraft: boolean }) {
  return (
    <section class="card stack batch-beginning" aria-labelledby="beginning-title">
      <h2 id="beginning-title">{t("batches.whatIs")}</h2>
      <p>{t("batches.whatIsIt")}</p>
      <ol class="batch-ways">
        {(["plan", "approval", "draw", "visits", "review", "release"] as const).map((stage) => (
          <li key={stage}>
            <strong>{t(`batchStage.${stage}`)}</strong>
            <span>{t(`batchStageHint.${stage}`)}</span>
          </li>
        ))}
      </ol>
      <div>
        <a class="button button-primary" href={link("batches", "new")}>
          {t(hasDraft ? "batches.goOn" : "batches.begin")}
        </a>
      </div>
    </section>
  );
}

function Rows({ all, tab }: { all: Batch[]; tab: TabName }) {
  const rows = inTab(all, tab);
  return (
    <>
      <nav class="segments" aria-label={t("batches.tabs")}>
        {(Object.keys(TABS) as TabName[]).map((one) => (
          <a key={one} href={`${link("batches")}?tab=${one}`} aria-current={one === tab ? "true" : undefined}>
            {t(`batchTab.${one}`)} {inTab(all, one).length}
          </a>
        ))}
      </nav>
      {rows.length === 0 ? <p class="empty">{t("batches.noneHere")}</p> : null}
      <ul class="stack">
        {rows.map((batch) => (
          <Row key={batch.id} batch={batch} />
        ))}
      </ul>
    </>
  );
}

function Row({ batch }: { batch: Batch }) {
  const me = session.value?.user.id ?? "";
  const today = civilDay(serverNow());
  const { plan } = batch;
  const isRunning = batch.drawn_at !== null && batch.state !== "abandoned";
  return (
    <li class="card batch-row">
      <div class="stack-tight">
        <h2 class="batch-name">
          <a href={link("batches", batch.id)} lang="zh-CN">
            {plan.title}
          </a>
        </h2>
        <p class="meta">
          {windowText(plan.window_from, plan.window_to)}
          {batch.approval_no === null ? null : (
            <>
              {t("punctuation.dot")}
              <span lang="zh-CN">{batch.approval_no}</span>
            </>
          )}
        </p>
        <p class={isMine(batch, me, today) ? "text-warn" : "meta"}>
          {batch.abandon_vote !== null && batch.state !== "abandoned"
            ? t(batch.abandon_vote.by === me ? "batchNext.abandon-wait" : "batchNext.abandon-second")
            : t(`batchNext.${nextOf(batch, me, today)}`)}
        </p>
      </div>
      <div class="stack-tight batch-row-state">
        <StateOf state={batch.state} />
        {isRunning ? (
          <span class="meta">
            {t("batches.progress", { visited: batch.visited, tasks: batch.tasks })}
            {missed(batch) > 0 ? t("batches.missedToo", { count: missed(batch) }) : ""}
          </span>
        ) : null}
      </div>
    </li>
  );
}
