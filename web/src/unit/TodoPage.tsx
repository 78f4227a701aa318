import { useEffect, useState } from "preact/hooks";
import type { UnitIssue } from "../api/types";
import { UnfinishedDrafts } from "../inspector/UnfinishedDrafts";
import { link } from "../router";
import { t } from "../texts";
import { serverNow } from "../time/moment";
import { useIssueList } from "../ui/issueList";
import { Empty, Fetched } from "../ui/Notice";
import { Page } from "../ui/Page";
import { keepPictures } from "../ui/Picture";
import { UnitCard } from "./UnitCard";

type Tab = "todo" | "sign-in" | "rework" | "soon";
const TABS: Tab[] = ["todo", "sign-in", "rework", "soon"];
/** Due within a day counts as soon. */
const SOON_MS = 24 * 3_600_000;

/** Ours to act on: what the service lets us do something about, and where a fix is owed. */
const isOwed = (issue: UnitIssue): boolean => ["assigned", "rectifying", "rework"].includes(issue.state);

function fits(issue: UnitIssue, tab: Tab): boolean {
  switch (tab) {
    case "todo": return true;
    case "sign-in": return issue.state === "assigned";
    case "rework": return issue.state === "rework";
    case "soon": return issue.due_at !== null && Date.parse(issue.due_at) - serverNow() < SOON_MS;
  }
}

/** What the unit owes, the most urgent first. */
export function TodoPage() {
  const [tab, setTab] = useState<Tab>("todo");
  const list = useIssueList<UnitIssue>("issues/due", "sort=due_at&limit=200");
  const owed = (list.body?.items ?? []).filter(isOwed).sort((a, b) => (a.due_at ?? "9").localeCompare(b.due_at ?? "9"));
  const pictures = owed.flatMap((issue) => issue.photos.filter((photo) => photo.stage === "found" && photo.has_preview).map((photo) => photo.id)).join();
  useEffect(() => {
    if (pictures && !list.failure) void keepPictures(pictures.split(","));
  }, [pictures, list.failure]);
  return (
    <Page title={t("tab.todo")}>
      <div class="stack">
        <UnfinishedDrafts />
        <div class="segments" role="group" aria-label={t("records.filter")}>
          {TABS.map((value) => <button type="button" key={value} aria-pressed={tab === value} onClick={() => setTab(value)}>{t(`todo.${value}`)} {owed.filter((issue) => fits(issue, value)).length}</button>)}
        </div>
        <Fetched of={list}>
          {() => {
            const shown = owed.filter((issue) => fits(issue, tab));
            if (shown.length === 0) return <Empty action={<a class="button" href={link("all")}>{t("tab.all")}</a>}>{t("todo.empty")}</Empty>;
            return <ul class="stack">{shown.map((issue) => <li key={issue.id}><UnitCard issue={issue} /></li>)}</ul>;
          }}
        </Fetched>
      </div>
    </Page>
  );
}

/** Everything that was ever handed to the unit. */
export function AllPage() {
  const list = useIssueList<UnitIssue>("issues/all", "limit=200");
  return (
    <Page title={t("tab.all")}>
      <Fetched of={list}>
        {(page) => page.items.length === 0 ? <Empty>{t("all.empty")}</Empty> : <div class="stack"><ul class="stack">{page.items.map((issue) => <li key={issue.id}><UnitCard issue={issue} /></li>)}</ul>{page.next_cursor ? <p class="meta">{t("state.firstOnly", { count: page.items.length })}</p> : null}</div>}
      </Fetched>
    </Page>
  );
}
