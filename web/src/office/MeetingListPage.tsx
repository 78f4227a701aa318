import { useEffect, useState } from "preact/hooks";
import { asFailure } from "../api/failure";
import type { Failure } from "../api/failure";
import { listIssues } from "../api/issues";
import { PAGE_MAX } from "../api/limits";
import type { OfficeIssue, Page } from "../api/types";
import { CHOSEN_ROWS_MAX, FILTERED_ROWS_MAX as ROWS_MAX } from "../desk/print/limits";
import { PaperPage } from "../desk/print/PaperPage";
import { PaperPhoto } from "../desk/print/PaperPhoto";
import { useIssues } from "../desk/print/readAll";
import { idsIn, listDeadline, paperDay, paperTitle, sheetOf } from "../desk/print/sheet";
import type { Sheet } from "../desk/print/sheet";
import { goInstead, link, route } from "../router";
import { itemOf, placeOf, reference, unitOf } from "../session/reference";
import { faultTitle, t } from "../texts";
import { serverNow } from "../time/moment";
import { FailureNotice, Notice } from "../ui/Notice";
import { filterLists } from "./FilterBar";
import { apiQuery, canonical, FILTERS, listAddress } from "./filters";
import type { ListFilter } from "./filters";

interface Read {
  issues: OfficeIssue[];
  done: number;
  failure: Failure | null;
  isLoading: boolean;
  isCut: boolean;
  retry: () => void;
}

/** The list 会议用问题清单: what the filters of the address leave, or the issues that it names. */
export function MeetingListPage() {
  const { query } = route.value;
  const ids = query.get("ids");
  return ids === null ? <FilteredList query={query} /> : <ChosenList words={ids} query={query} />;
}

function ChosenList({ words, query }: { words: string; query: URLSearchParams }) {
  const { ids, isCut } = idsIn(words, CHOSEN_ROWS_MAX);
  const all = useIssues<OfficeIssue>(ids);
  return <Drawn read={{ ...all, isCut }} query={query} most={CHOSEN_ROWS_MAX} />;
}

function FilteredList({ query }: { query: URLSearchParams }) {
  const [read, setRead] = useState<Omit<Read, "retry">>({
    issues: [],
    done: 0,
    failure: null,
    isLoading: true,
    isCut: false,
  });
  const [attempt, setAttempt] = useState(0);
  const key = canonical(query);
  useEffect(() => {
    let isCurrent = true;
    const issues: OfficeIssue[] = [];
    setRead({ issues, done: 0, failure: null, isLoading: true, isCut: false });
    void (async () => {
      let cursor: string | null = null;
      try {
        do {
          const page = (await listIssues(apiQuery(query, PAGE_MAX, cursor))) as Page<OfficeIssue>;
          issues.push(...page.items);
          cursor = page.next_cursor;
        } while (isCurrent && cursor !== null && issues.length < ROWS_MAX);
        if (isCurrent)
          setRead({ issues, done: issues.length, failure: null, isLoading: false, isCut: cursor !== null });
      } catch (cause) {
        if (isCurrent) setRead((old) => ({ ...old, failure: asFailure(cause), isLoading: false }));
      }
    })();
    return () => {
      isCurrent = false;
    };
  }, [key, attempt]);
  return (
    <Drawn
      read={{ ...read, retry: () => setAttempt(attempt + 1) }}
      query={query}
      most={ROWS_MAX}
      words={filterWords(query)}
    />
  );
}

function Drawn({ read, query, most, words }: { read: Read; query: URLSearchParams; most: number; words?: string }) {
  const sheets = read.issues.map(sheetOf).filter((sheet): sheet is Sheet => sheet !== null);
  const held = read.issues.length - sheets.length;
  const hasPhotos = query.get("photos") === "1";
  function toggle() {
    const next = new URLSearchParams(query);
    if (hasPhotos) next.delete("photos");
    else next.set("photos", "1");
    goInstead(`${link("issues", "print")}?${next.toString()}`);
  }
  return (
    <PaperPage
      title={t("print.meeting")}
      back={listAddress(canonical(query))}
      isReady={!read.isLoading && read.failure === null && sheets.length > 0 && reference.value !== null}
      notes={
        <>
          <label class="tick">
            <input type="checkbox" checked={hasPhotos} onChange={toggle} />
            {t("print.withPhotos")}
          </label>
          {read.isCut ? (
            <Notice tone="warn">
              <p>{t("print.mostRows", { count: most })}</p>
            </Notice>
          ) : null}
          {held > 0 ? (
            <Notice tone="warn">
              <p>{t("print.heldRows", { count: held })}</p>
            </Notice>
          ) : null}
          {read.failure && !read.isLoading ? <FailureNotice failure={read.failure} onRetry={read.retry} /> : null}
        </>
      }
    >
      {sheets.length > 0 ? (
        <MeetingList sheets={sheets} hasPhotos={hasPhotos} {...(words ? { words } : {})} />
      ) : read.isLoading || read.failure ? null : (
        <p class="paper">{t("list.empty")}</p>
      )}
    </PaperPage>
  );
}

function MeetingList({ sheets, hasPhotos, words }: { sheets: Sheet[]; hasPhotos: boolean; words?: string }) {
  const overdue = sheets.filter((sheet) => sheet.isOverdue).length;
  return (
    <article class="paper" aria-label={t("print.meeting")}>
      <h2 class="paper-title">{paperTitle(t("print.meeting"), reference.value?.county_name)}</h2>
      <p class="paper-line">
        <span>{t("print.sum", { count: sheets.length, overdue })}</span>
        <span>{paperDay(serverNow())}</span>
      </p>
      {words ? <p class="paper-note">{t("print.of", { words })}</p> : null}
      <table class="paper-table">
        <caption class="visually-hidden">{t("print.meeting")}</caption>
        <thead>
          <tr>
            <th scope="col">{t("print.at")}</th>
            {hasPhotos ? <th scope="col">{t("list.photo")}</th> : null}
            <th scope="col">{t("issue.number")}</th>
            <th scope="col">{t("unit.title")}</th>
            <th scope="col">{t("list.what")}</th>
            <th scope="col">{t("list.due")}</th>
            <th scope="col">{t("list.state")}</th>
          </tr>
        </thead>
        <tbody>
          {sheets.map((sheet, at) => (
            <Row key={sheet.id} sheet={sheet} at={at + 1} hasPhotos={hasPhotos} />
          ))}
        </tbody>
      </table>
    </article>
  );
}

function Row({ sheet, at, hasPhotos }: { sheet: Sheet; at: number; hasPhotos: boolean }) {
  const [photo] = sheet.found;
  const fault = faultTitle(itemOf(sheet.itemCode)) || sheet.itemCode;
  return (
    <tr>
      <td>{at}</td>
      {hasPhotos ? (
        <td class="paper-thumb">{photo ? <PaperPhoto photo={photo} alt="" variant="thumb" /> : null}</td>
      ) : null}
      <td class="paper-number">{sheet.number}</td>
      <td lang="zh-CN">{unitOf(sheet.unitId)?.name ?? t("unit.unknown")}</td>
      <td>
        <span lang="zh-CN">{sheet.place}</span>
        {t("punctuation.colon")}
        {fault}
        {sheet.description ? (
          <span class="paper-words" lang="zh-CN">
            {sheet.description}
          </span>
        ) : null}
      </td>
      <td>
        {sheet.state === "hung" ? t("time.paused") : sheet.dueAt ? listDeadline(sheet.dueAt) : t("list.noDue")}
        {sheet.isOverdue ? <strong class="paper-words">{t("office.overdue")}</strong> : null}
      </td>
      <td>{t(`issue.${sheet.state}`)}</td>
    </tr>
  );
}

/** What the filters of the address ask for, in words; doubts about evidence are nothing for paper. */
function filterWords(query: URLSearchParams): string {
  const lists = filterLists();
  const said: string[] = [];
  for (const name of FILTERS) {
    const value = query.get(name);
    if (!value || name === "sort" || name === "flagged" || name === "to") continue;
    if (name === "q") said.push(value);
    else if (name === "point_id") said.push(placeOf(value)?.name ?? "");
    else said.push(choiceWords(lists[name as ListFilter].options, value));
  }
  return said.filter(Boolean).join(t("print.and"));
}

function choiceWords(options: [value: string, words: string, group?: string][], value: string): string {
  const whole = options.find(([one]) => one === value);
  if (whole) return whole[1];
  return value
    .split(",")
    .map((part) => options.find(([one]) => one === part)?.[1] ?? part)
    .join(t("print.or"));
}
