import { useEffect, useState } from "preact/hooks";
import type { State, UnitIssue } from "../api/types";
import { UnfinishedDrafts } from "../inspector/UnfinishedDrafts";
import { link, route } from "../router";
import { t } from "../texts";
import { serverNow } from "../time/moment";
import { session } from "../session/session";
import { useIssuePages } from "../ui/issuePages";
import { MoreRows } from "../ui/MoreRows";
import { Empty, Fetched } from "../ui/Notice";
import { Page } from "../ui/Page";
import { keepPictures } from "../ui/Picture";
import { UnitCard } from "./UnitCard";

type Tab = "todo" | "sign-in" | "rework" | "soon";
const TABS: Tab[] = ["todo", "sign-in", "rework", "soon"];
/** Due within a day counts as soon. */
const SOON_MS = 24 * 3_600_000;

/** Ours to act on: what the service lets us do something about, and where a fix is owed. */
const OWED: State[] = ["assigned", "rectifying", "rework"];
const isOwed = (issue: UnitIssue): boolean => OWED.includes(issue.state);
/** As many as one answer may have: without a network nothing more can be fetched. */
const TODO_ROWS = 200;
const PAGE_ROWS = 50;

function fits(issue: UnitIssue, tab: Tab): boolean {
  switch (tab) {
    case "todo":
      return true;
    case "sign-in":
      return issue.state === "assigned";
    case "rework":
      return issue.state === "rework";
    case "soon":
      return issue.due_at !== null && Date.parse(issue.due_at) - serverNow() < SOON_MS;
  }
}

/** What the unit owes, the most urgent first. */
export function TodoPage() {
  const [tab, setTab] = useState<Tab>("todo");
  // Asked for by state: sorted by deadline, what was closed long ago would come first and fill the answer.
  const pages = useIssuePages<UnitIssue>("issues/due", `state=${OWED.join(",")}&sort=due_at`, TODO_ROWS);
  const list = pages.first;
  const owed = pages.rows.filter(isOwed).sort((a, b) => (a.due_at ?? "9").localeCompare(b.due_at ?? "9"));
  const pictures = owed
    .flatMap((issue) =>
      issue.photos.filter((photo) => photo.stage === "found" && photo.has_preview).map((photo) => photo.id),
    )
    .join();
  useEffect(() => {
    if (pictures && !list.failure) void keepPictures(pictures.split(","));
  }, [pictures, list.failure]);
  return (
    <Page title={t("tab.todo")}>
      <div class="stack">
        <UnfinishedDrafts />
        <div class="segments" role="group" aria-label={t("records.filter")}>
          {TABS.map((value) => (
            <button type="button" key={value} aria-pressed={tab === value} onClick={() => setTab(value)}>
              {t(`todo.${value}`)} {owed.filter((issue) => fits(issue, value)).length}
              {pages.hasMore ? "+" : ""}
            </button>
          ))}
        </div>
        <Fetched of={list}>
          {() => {
            const shown = owed.filter((issue) => fits(issue, tab));
            if (shown.length === 0 && !pages.hasMore)
              return (
                <Empty
                  action={
                    <a class="button" href={link("all")}>
                      {t("tab.all")}
                    </a>
                  }
                >
                  {t("todo.empty")}
                </Empty>
              );
            return (
              <div class="stack">
                <ul class="stack cards">
                  {shown.map((issue) => (
                    <li key={issue.id} id={`row-${issue.id}`}>
                      <UnitCard issue={issue} />
                    </li>
                  ))}
                </ul>
                {pages.hasMore || owed.length > PAGE_ROWS ? <MoreRows of={pages} /> : null}
              </div>
            );
          }}
        </Fetched>
      </div>
    </Page>
  );
}

/** What of it: the address keeps the choice, so that coming back from an issue finds it. */
const PARTS = {
  all: "",
  open: "state=assigned,redispatch,rectifying,reported,rework,hung",
  overdue: "overdue=true&sort=due_at",
  closed: "state=closed,archived",
};
type Part = keyof typeof PARTS;

/** Everything that was ever handed to the unit; for those who read all units, everything that was handed over. */
export function AllPage() {
  const asked = route.value.query.get("part") ?? "";
  const part: Part = asked in PARTS ? (asked as Part) : "all";
  return <AllOf key={part} part={part} />;
}

function AllOf({ part }: { part: Part }) {
  const pages = useIssuePages<UnitIssue>(`issues/${part}`, PARTS[part], PAGE_ROWS);
  const isUnit = session.value?.user.role === "unit";
  return (
    <Page
      title={t("tab.all")}
      aside={
        isUnit ? (
          <a class="button" href={link("month")}>
            {t("all.month")}
          </a>
        ) : undefined
      }
    >
      <div class="stack">
        <nav class="segments" aria-label={t("records.filter")}>
          {(Object.keys(PARTS) as Part[]).map((one) => (
            <a
              key={one}
              href={one === "all" ? link("all") : `${link("all")}?part=${one}`}
              aria-current={one === part ? "true" : undefined}
            >
              {t(`all.${one}`)}
            </a>
          ))}
        </nav>
        <Fetched of={pages.first}>
          {() =>
            pages.rows.length === 0 ? (
              <Empty>{t(part === "all" ? "all.empty" : "all.noneOfThem")}</Empty>
            ) : (
              <div class="stack">
                <ul class="stack cards">
                  {pages.rows.map((issue) => (
                    <li key={issue.id} id={`row-${issue.id}`}>
                      <UnitCard issue={issue} />
                    </li>
                  ))}
                </ul>
                <MoreRows of={pages} />
              </div>
            )
          }
        </Fetched>
      </div>
    </Page>
  );
}
