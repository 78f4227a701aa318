import { useState } from "preact/hooks";
import { PAGE_MAX } from "../api/limits";
import type { FinderIssue, InspectorIssue } from "../api/types";
import { entries } from "../outbox/drain";
import { isUnsent } from "../outbox/entry";
import { keysOf } from "../keysOf";
import { link } from "../router";
import { isOpen } from "../states";
import { t } from "../texts";
import { formatDay } from "../time/moment";
import { civilDay } from "../time/civil";
import { useIssuePages } from "../ui/issuePages";
import { MoreRows } from "../ui/MoreRows";
import { Empty, Fetched } from "../ui/Notice";
import { Page } from "../ui/Page";
import { IssueRow } from "./IssueRow";
import { useDrafts } from "./UnfinishedDrafts";
import "../texts/withForms";

type Filter = "all" | "open" | "returned" | "closed";
/** A list that is longer than a few screens says where it ends. */
const FEW = 20;

const isOwn = (issue: InspectorIssue): issue is FinderIssue => "captured_at" in issue;
const FITS: Record<Filter, (issue: FinderIssue) => boolean> = {
  all: () => true,
  open: (issue) => isOpen(issue.state),
  returned: (issue) => issue.state === "returned",
  closed: (issue) => !isOpen(issue.state),
};

/** My reports and what became of them, by day. */
export function RecordsPage() {
  const [filter, setFilter] = useState<Filter>("all");
  // As many as one response may hold: without a network no more can be fetched.
  const mine = useIssuePages<InspectorIssue>("issues/mine", "", PAGE_MAX);
  const unsent = entries.value.filter(isUnsent).length;
  const [drafts] = useDrafts();
  // A report that never arrived whole, and was changed since: the new one stands for it.
  const replaced = new Set([...drafts, ...entries.value].flatMap((one) => one.replaces ?? []));
  const isReplaced = (issue: FinderIssue) => issue.state === "receiving" && replaced.has(issue.id);
  return (
    <Page title={t("tab.records")}>
      <div class="stack">
        <div class="segments" role="group" aria-label={t("records.filter")}>
          {keysOf(FITS).map((value) => (
            <button type="button" key={value} aria-pressed={filter === value} onClick={() => setFilter(value)}>
              {t(`records.${value}`)}
            </button>
          ))}
        </div>
        {unsent > 0 ? (
          <a class="button" href={link("outbox")}>
            {t("records.unsent", { count: unsent })}
          </a>
        ) : null}
        <Fetched of={mine.first}>
          {() => {
            const shown = mine.rows.filter(isOwn).filter((issue) => FITS[filter](issue) && !isReplaced(issue));
            if (shown.length === 0 && !mine.hasMore)
              return (
                <Empty
                  action={
                    <a class="button button-primary" href={link("capture")}>
                      {t("tab.capture")}
                    </a>
                  }
                >
                  {t("records.empty")}
                </Empty>
              );
            return (
              <div class="stack-wide">
                {byDay(shown).map(([day, issues]) => (
                  <section class="stack" key={day}>
                    <h2>
                      {formatDay(issues[0]?.captured_at ?? day)}{" "}
                      <span class="meta">{t("records.count", { count: issues.length })}</span>
                    </h2>
                    <ul class="list">
                      {issues.map((issue) => (
                        <li key={issue.id} id={`row-${issue.id}`}>
                          <IssueRow issue={issue} />
                        </li>
                      ))}
                    </ul>
                  </section>
                ))}
                {mine.hasMore || mine.rows.length > FEW ? <MoreRows of={mine} /> : null}
              </div>
            );
          }}
        </Fetched>
      </div>
    </Page>
  );
}

function byDay(issues: FinderIssue[]): [string, FinderIssue[]][] {
  const days = new Map<string, FinderIssue[]>();
  for (const issue of [...issues].sort((a, b) => b.captured_at.localeCompare(a.captured_at))) {
    const day = civilDay(issue.captured_at);
    days.set(day, [...(days.get(day) ?? []), issue]);
  }
  return [...days];
}
