// Issues, their history, and the actions that are taken on them.
import { get, request } from "./request";
import type { Action, Event, Issue, OfficeEvent, Page, Report, Schemas } from "./types";

export const listIssues = async (query: string): Promise<Page<Issue>> =>
  (await get<Page<Issue>>(`/issues?${query}`)).body;

export const readIssue = async (id: string, account?: string): Promise<Issue> =>
  (await request<Issue>(`/issues/${id}`, { ...(account ? { account } : {}) })).body;

export const readEvents = async (id: string, account?: string): Promise<(Event | OfficeEvent)[]> =>
  (await request<{ items: (Event | OfficeEvent)[] }>(`/issues/${id}/events`, { ...(account ? { account } : {}) })).body
    .items;

/** Files a report. Sending the same again returns what is stored. The service compares this clock with its own. */
export const putReport = async (id: string, report: Report, account: string): Promise<Schemas["FinderIssue"]> =>
  (
    await request<Schemas["FinderIssue"]>(`/issues/${id}`, {
      method: "PUT",
      body: { ...report, sent_at: new Date() },
      account,
    })
  ).body;

/**
 * Takes an action. A call that may be repeated names its account and an idempotency key; one with `keepalive` is sent
 * although the page closes.
 */
export const act = async (
  id: string,
  action: Action,
  version: number,
  body: unknown,
  repeatable: { account?: string; key?: string; keepalive?: boolean } = {},
): Promise<Issue> =>
  (await request<Issue>(`/issues/${id}/actions/${action}`, { method: "POST", body, version, ...repeatable })).body;
