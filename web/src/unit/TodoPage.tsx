import { useEffect, useState } from "preact/hooks";
import { PAGE_MAX } from "../api/limits";
import { issueQuery } from "../api/query";
import type { UnitIssue } from "../api/types";
import { keysOf } from "../keysOf";
import { UnfinishedDrafts } from "../inspector/UnfinishedDrafts";
import { link, route } from "../router";
import { phaseOf, statesIn } from "../states";
import { t } from "../texts";
import { serverNow } from "../time/moment";
import { useIssuePages } from "../ui/issuePages";
import { MoreRows } from "../ui/MoreRows";
import { Empty, Fetched } from "../ui/Notice";
import { Page } from "../ui/Page";
import { keepPictures } from "../ui/Picture";
import { UnitCard } from "./UnitCard";

type Tab = "todo" | "sign-in" | "rework" | "soon";
/** Due within a day counts as soon. */
const SOON_MS = 24 * 3_600_000;

/** The states in which the unit has to act. */
const OWED = statesIn("owed");
const isOwed = (issue: UnitIssue): boolean => phaseOf(issue.state) === "owed";
const PAGE_ROWS = 50;

const FITS: Record<Tab, (issue: UnitIssue) => boolean> = {
  todo: () => true,
  "sign-in": ({ state }) => state === "assigned",
  rework: ({ state }) => state === "rework",
  soon: ({ due_at }) => due_at !== null && Date.parse(due_at) - serverNow() < SOON_MS,
};

/** What the unit owes, the most urgent first. */
export function TodoPage() {
  const [tab, setTab] = useState<Tab>("todo");
  // Filtered by state: sorted by deadline, old closed issues would come first and fill the response. As many as one may
  // hold: without a network no more can be fetched.
  const pages = useIssuePages<UnitIssue>("issues/due", issueQuery({ state: OWED.join(), sort: "due_at" }), PAGE_MAX);
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
          {keysOf(FITS).map((value) => (
            <button type="button" key={value} aria-pressed={tab === value} onClick={() => setTab(value)}>
              {t(`todo.${value}`)} {owed.filter(FITS[value]).length}
              {pages.hasMore ? "+" : ""}
            </button>
          ))}
        </div>
        <Fetched of={list}>
          {() => {
            const shown = owed.filter(FITS[tab]);
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

/** The filter is in the address, so that it is kept when somebody comes back. */
const PARTS = {
  all: "",
  open: issueQuery({ state: statesIn("owed", "waiting").join() }),
  overdue: issueQuery({ overdue: true, sort: "due_at" }),
  closed: issueQuery({ state: statesIn("closed").join() }),
};
type Part = keyof typeof PARTS;

/** All issues of the unit. */
export function AllPage() {
  const asked = route.value.query.get("part") ?? "";
  const part: Part = asked in PARTS ? (asked as Part) : "all";
  return <AllOf key={part} part={part} />;
}

function AllOf({ part }: { part: Part }) {
  const pages = useIssuePages<UnitIssue>(`issues/${part}`, PARTS[part], PAGE_ROWS);
  return (
    <Page title={t("tab.all")}>
      <div class="stack">
        <p class="wrap">
          {(["self", "cards", "month"] as const).map((page) => (
            <a key={page} class="button" href={link(page)}>
              {t(`all.${page}`)}
            </a>
          ))}
        </p>
        <nav class="segments" aria-label={t("records.filter")}>
          {keysOf(PARTS).map((one) => (
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
