import { useEffect, useLayoutEffect, useRef, useState } from "preact/hooks";
import { asFailure } from "../api/failure";
import type { Failure } from "../api/failure";
import { listIssues } from "../api/issues";
import { PAGE_MAX } from "../api/limits";
import type { OfficeIssue, Page } from "../api/types";
import { go, link } from "../router";
import { t } from "../texts";
import { useIssuePages } from "../ui/issuePages";
import type { Pages } from "../ui/issuePages";
import { MoreRows } from "../ui/MoreRows";
import { Empty, Fetched, FailureNotice } from "../ui/Notice";
import { selectTo } from "./bulk";
import { BulkBar } from "./BulkBar";
import { useDrawn } from "./drawing";
import { apiQuery, canonical, withFilter } from "./filters";
import { actionOf, isTyping } from "./keys";
import { hasRoom } from "./listLook";
import type { Column, Look } from "./listLook";
import { ListRow } from "./ListRow";

const PAGE_ROWS = 50;
/** How many can be chosen at once: each is decided by itself. Source: our choice. */
const CHOSEN_MAX = 2_000;

/** The rows that the filters of the address leave. */
export function List({ query, look }: { query: URLSearchParams; look: Look }) {
  const asked = new URLSearchParams(apiQuery(query, PAGE_ROWS));
  asked.delete("limit");
  const pages = useIssuePages<OfficeIssue>(`issues?${canonical(query)}`, asked.toString(), PAGE_ROWS);
  return (
    <Fetched of={pages.first} rows={8}>
      {() =>
        pages.rows.length === 0 ? (
          <Empty
            action={
              <a class="button" href="#/issues">
                {t("list.clear")}
              </a>
            }
          >
            {t("list.empty")}
          </Empty>
        ) : (
          <Rows pages={pages} query={query} look={look} />
        )
      }
    </Fetched>
  );
}

function Rows({ pages, query, look }: { pages: Pages<OfficeIssue>; query: URLSearchParams; look: Look }) {
  const { rows } = pages;
  const [at, setAt] = useState(-1);
  const [chosen, setChosen] = useState<ReadonlySet<string>>(new Set());
  /** Chosen ones further down than the list has been read. */
  const [beyond, setBeyond] = useState<OfficeIssue[]>([]);
  const [isReading, setReading] = useState(false);
  /** Whether there were more than can be chosen at once. */
  const [isCut, setCut] = useState(false);
  const [failure, setFailure] = useState<Failure | null>(null);
  const last = useRef<number | null>(null);
  const drawn = useDrawn(rows.length);
  const ids = rows.map((row) => row.id);
  const listed = new Set(ids);
  const picked = [...rows, ...beyond.filter((row) => !listed.has(row.id))].filter((row) => chosen.has(row.id));
  const isAll = rows.every((row) => chosen.has(row.id));
  const columns = look.isDense && hasRoom() ? look.columns : null;

  function choose(index: number, isRange: boolean) {
    setChosen(selectTo(chosen, ids, index, isRange ? last.current : null));
    last.current = index;
  }
  // The rows keep the function that they were drawn with.
  const present = useRef(choose);
  present.current = choose;
  const [onChoose] = useState(() => (index: number, isRange: boolean) => present.current(index, isRange));
  const clear = () => {
    setChosen(new Set());
    setBeyond([]);
    setCut(false);
  };
  const chooseAll = () => (isAll ? clear() : setChosen(new Set(ids)));

  /** Chooses what the filters leave, over all pages. */
  async function chooseEverything() {
    setReading(true);
    setFailure(null);
    try {
      const all: OfficeIssue[] = [];
      let cursor: string | null = null;
      do {
        const page = (await listIssues(apiQuery(query, PAGE_MAX, cursor))) as Page<OfficeIssue>;
        all.push(...page.items);
        cursor = page.next_cursor;
      } while (cursor !== null && all.length < CHOSEN_MAX);
      setCut(cursor !== null || all.length > CHOSEN_MAX);
      setBeyond(all);
      setChosen(new Set(all.slice(0, CHOSEN_MAX).map((row) => row.id)));
    } catch (cause) {
      setFailure(asFailure(cause));
    } finally {
      setReading(false);
    }
  }

  // As a layout effect, so that the next key already sees the new state.
  useLayoutEffect(() => {
    function onKey(event: KeyboardEvent) {
      if (isTyping(event)) return;
      const row = rows[at];
      const action = actionOf("list", event);
      if (action === "next") setAt(Math.min(rows.length - 1, at + 1));
      else if (action === "previous") setAt(Math.max(0, at - 1));
      else if ((action === "choose" || action === "choose-to") && row) choose(at, action === "choose-to");
      else if (action === "choose-all") chooseAll();
      else if (action === "clear") clear();
      else if (
        action === "open" &&
        row &&
        !(event.target instanceof HTMLAnchorElement) &&
        !(event.target instanceof HTMLButtonElement)
      )
        go(link("issue", row.id));
      else return;
      event.preventDefault();
    }
    addEventListener("keydown", onKey);
    return () => removeEventListener("keydown", onKey);
  });
  const under = rows[at]?.id;
  useEffect(() => {
    if (under) document.getElementById(`row-${under}`)?.scrollIntoView({ block: "nearest" });
  }, [under]);

  const all = (
    <input
      type="checkbox"
      aria-label={t("bulk.chooseAll", { count: rows.length })}
      checked={isAll}
      onChange={chooseAll}
    />
  );
  return (
    <div class="stack">
      <label class="tick phone-only">
        <input type="checkbox" checked={isAll} onChange={chooseAll} />
        {t("bulk.chooseAll", { count: rows.length })}
      </label>
      {isCut || (isAll && (pages.hasMore || beyond.length > 0)) ? (
        <p class="row">
          <span class="grow">
            {t("bulk.chosen", { count: picked.length })}{" "}
            {isCut ? <span role="status">{t("list.chosenMost", { count: CHOSEN_MAX })}</span> : null}
          </span>
          <button type="button" class="button" disabled={isReading} onClick={() => void chooseEverything()}>
            {t(isReading ? "state.loading" : "list.chooseEverything")}
          </button>
        </p>
      ) : null}
      {failure ? <FailureNotice failure={failure} /> : null}
      <table class={columns ? "issues issues-dense" : "issues"}>
        <caption class="visually-hidden">{t("tab.issues")}</caption>
        <thead>
          <tr>
            <th scope="col" class="cell-choose">
              {all}
            </th>
            {columns ? (
              columns.map((column) => <Heading key={column} column={column} query={query} />)
            ) : (
              <>
                <th scope="col">{t("list.photo")}</th>
                <Heading column="received" words={t("list.what")} query={query} />
                <th scope="col">{t("list.state")}</th>
                <th scope="col">{t("unit.title")}</th>
                <Heading column="due" query={query} />
              </>
            )}
          </tr>
        </thead>
        <tbody>
          {rows.slice(0, drawn).map((issue, index) => (
            <ListRow
              key={issue.id}
              issue={issue}
              index={index}
              isAt={index === at}
              isChosen={chosen.has(issue.id)}
              columns={columns}
              onChoose={onChoose}
            />
          ))}
        </tbody>
      </table>
      <MoreRows of={pages} />
      <BulkBar
        chosen={picked}
        onIssue={(row) => {
          pages.replace(row);
          setBeyond((old) => old.map((one) => (one.id === row.id ? row : one)));
        }}
        onSelect={(kept) => setChosen(new Set(kept))}
        onClear={clear}
      />
    </div>
  );
}

/** The orders that the service knows, by the column that each is about. */
const ORDERS: Partial<Record<Column, { first: string; second?: string }>> = {
  received: { first: "", second: "oldest" },
  due: { first: "due_at" },
};

/** The heading of a column; one by which the service can sort is pressed to do so, and again for the other way. */
function Heading({
  column,
  words = t(`column.${column}`),
  query,
}: {
  column: Column;
  words?: string;
  query: URLSearchParams;
}) {
  const order = ORDERS[column];
  if (!order)
    return (
      <th scope="col" class={`col-${column}`}>
        {words}
      </th>
    );
  const sort = query.get("sort") ?? "";
  const isFirst = sort === order.first;
  const isSecond = order.second !== undefined && sort === order.second;
  // The latest receipt is first, and the earliest deadline.
  const isDown = column === "received" ? isFirst : isSecond;
  const next = isFirst ? (order.second ?? "") : order.first;
  return (
    <th
      scope="col"
      class={`col-${column}`}
      aria-sort={isFirst || isSecond ? (isDown ? "descending" : "ascending") : undefined}
    >
      <button type="button" class="sort" onClick={() => go(withFilter(query, "sort", next))}>
        {words}
        <span aria-hidden="true">{isFirst || isSecond ? (isDown ? " \u2193" : " \u2191") : " \u2195"}</span>
      </button>
    </th>
  );
}
