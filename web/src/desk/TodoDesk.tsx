import { useEffect, useState } from "preact/hooks";
import type { UnitIssue } from "../api/types";
import { UnfinishedDrafts } from "../inspector/UnfinishedDrafts";
import { keysOf } from "../keysOf";
import { goInstead, route } from "../router";
import { t } from "../texts";
import { Icon } from "../ui/Icon";
import { Empty, Fetched, Notice } from "../ui/Notice";
import { Page } from "../ui/Page";
import { useCached } from "../ui/useCached";
import { addressOf, handlersOf, inTabs, NOBODY, readOpen, TABS, wantedBy } from "./openIssues";
import type { OpenIssues, Wanted } from "./openIssues";
import { SignInMany } from "./SignInMany";
import { TodoRow } from "./TodoRow";
import "../texts/withForms";

/** The open issues of the unit, as a table. The search is part of the address, so that a reload keeps it. */
export function TodoDesk() {
  const list = useCached<OpenIssues>("unit/open", readOpen);
  /** Newer than the list: answers to steps that were taken here. */
  const [newer, setNewer] = useState<ReadonlyMap<string, UnitIssue>>(new Map());
  useEffect(() => setNewer(new Map()), [list.at]);
  return (
    <div class="unit-desk">
      <Page title={t("tab.todo")} isWide>
        <div class="stack">
          <UnfinishedDrafts />
          <Fetched of={list} rows={6}>
            {({ items, isCut }) => (
              <Desk
                items={items.map((issue) => newer.get(issue.id) ?? issue)}
                isCut={isCut}
                onIssue={(issue) => setNewer((old) => new Map(old).set(issue.id, issue))}
                onEnd={list.reload}
              />
            )}
          </Fetched>
        </div>
      </Page>
    </div>
  );
}

function Desk({
  items,
  isCut,
  onIssue,
  onEnd,
}: OpenIssues & { onIssue: (issue: UnitIssue) => void; onEnd: () => void }) {
  const wanted = wantedBy(route.value.query);
  const [chosen, setChosen] = useState<ReadonlySet<string>>(new Set());
  const tabs = inTabs(items, wanted);
  const rows = tabs[wanted.tab];
  const picked = rows.filter((issue) => chosen.has(issue.id));
  const isAll = rows.length > 0 && picked.length === rows.length;
  const want = (change: Partial<Wanted>) => goInstead(addressOf({ ...wanted, ...change }));
  const choose = (id: string) => {
    const next = new Set(chosen);
    if (!next.delete(id)) next.add(id);
    setChosen(next);
  };
  const handlers = handlersOf(items);
  return (
    <div class="stack">
      <div class="segments" role="group" aria-label={t("records.filter")}>
        {keysOf(TABS).map((tab) => (
          <button type="button" key={tab} aria-pressed={tab === wanted.tab} onClick={() => want({ tab })}>
            {t(`unitDesk.${tab}`)} {tabs[tab].length}
          </button>
        ))}
      </div>
      <div class="desk-filters">
        <div class="search">
          <Icon name="search" />
          <input
            class="input"
            type="search"
            aria-label={t("unitDesk.search")}
            placeholder={t("unitDesk.search")}
            value={wanted.words}
            onInput={(event) => want({ words: event.currentTarget.value })}
          />
        </div>
        <select
          class="input"
          aria-label={t("answer.handler")}
          value={wanted.handler}
          onChange={(event) => want({ handler: event.currentTarget.value })}
        >
          <option value="">{t("unitDesk.everybody")}</option>
          {handlers.map((name) => (
            <option key={name} value={name} lang="zh-CN">
              {name}
            </option>
          ))}
          <option value={NOBODY}>{t("unitDesk.nobody")}</option>
          {wanted.handler === "" || wanted.handler === NOBODY || handlers.includes(wanted.handler) ? null : (
            <option value={wanted.handler}>{wanted.handler}</option>
          )}
        </select>
      </div>
      {isCut ? (
        <Notice tone="warn">
          <p>{t("unitDesk.cut", { count: items.length })}</p>
        </Notice>
      ) : null}
      <SignInMany chosen={picked} onIssue={onIssue} onChoose={(ids) => setChosen(new Set(ids))} onEnd={onEnd} />
      {rows.length === 0 ? (
        <Empty
          action={
            wanted.words || wanted.handler ? (
              <button type="button" class="button" onClick={() => want({ words: "", handler: "" })}>
                {t("unitDesk.clear")}
              </button>
            ) : undefined
          }
        >
          {t("unitDesk.none")}
        </Empty>
      ) : (
        <table class="desk-table">
          <caption class="visually-hidden">{t("tab.todo")}</caption>
          <thead>
            <tr>
              <th scope="col">
                <label class="desk-choose">
                  <input
                    type="checkbox"
                    aria-label={t("unitDesk.chooseAll", { count: rows.length })}
                    checked={isAll}
                    onChange={() => setChosen(new Set(isAll ? [] : rows.map((issue) => issue.id)))}
                  />
                </label>
              </th>
              <th scope="col">{t("unitDesk.photo")}</th>
              <th scope="col">{t("unit.whatIsWrong")}</th>
              <th scope="col">{t("unitDesk.state")}</th>
              <th scope="col">{t("answer.handler")}</th>
              <th scope="col">{t("unit.limit")}</th>
              <th scope="col">{t("unitDesk.step")}</th>
            </tr>
          </thead>
          <tbody>
            {rows.map((issue) => (
              <TodoRow key={issue.id} issue={issue} isChosen={chosen.has(issue.id)} onChoose={() => choose(issue.id)} />
            ))}
          </tbody>
        </table>
      )}
    </div>
  );
}
