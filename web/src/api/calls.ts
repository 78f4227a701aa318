// Every call the app makes, by name.
import { get, putPhoto, request } from "./request";
import type { Answer } from "./request";
import type { PhotoFacts } from "./uploads";
import type {
  Action,
  Counts,
  Event,
  Issue,
  Me,
  OfficeEvent,
  Page,
  PhotoReceipt,
  Reference,
  Report,
  Schemas,
} from "./types";

type SignedIn = Schemas["SignedInView"];

export async function signIn(username: string, password: string): Promise<SignedIn> {
  return (
    await request<SignedIn>("/sessions", {
      method: "POST",
      body: { username, password },
      account: null,
      keepSession: true,
    })
  ).body;
}

/** Ends the session of that person, and of nobody who has signed in since. */
export async function logOut(account: string | null): Promise<void> {
  await request<void>("/sessions/current", { method: "DELETE", account, keepSession: true });
}

export async function changePassword(oldPassword: string, newPassword: string): Promise<void> {
  const body = { old_password: oldPassword, new_password: newPassword };
  await request<void>("/me/password", { method: "PUT", body, keepSession: true });
}

/** Who is signed in, whoever that is. */
export const readMe = async (): Promise<Me> => (await request<Me>("/me", { account: null })).body;

export const readReference = (etag?: string): Promise<Answer<Reference>> => get<Reference>("/reference", etag);

export const listIssues = async (query: string): Promise<Page<Issue>> =>
  (await get<Page<Issue>>(`/issues?${query}`)).body;

export const countIssues = async (query: string): Promise<Counts> =>
  (await get<Counts>(`/issues/counts?${query}`)).body;

export const readIssue = async (id: string, account?: string): Promise<Issue> =>
  (await request<Issue>(`/issues/${id}`, { ...(account ? { account } : {}) })).body;

export const readEvents = async (id: string, account?: string): Promise<(Event | OfficeEvent)[]> =>
  (await request<{ items: (Event | OfficeEvent)[] }>(`/issues/${id}/events`, { ...(account ? { account } : {}) })).body
    .items;

/** Files a report; the same again answers what is stored. */
export const putReport = async (id: string, report: Report, account: string): Promise<Schemas["FinderIssue"]> =>
  (await request<Schemas["FinderIssue"]>(`/issues/${id}`, { method: "PUT", body: report, account })).body;

/** Sends a photo in one piece. */
export const putWhole = (
  { id, sha256 }: PhotoFacts,
  bytes: Blob,
  account: string,
  onSent: (bytes: number) => void,
): Promise<PhotoReceipt> => putPhoto<PhotoReceipt>(`/photos/${id}`, bytes, sha256, account, onSent);

/** Takes a step. What may be sent again says by whom, and has a key of its own. */
export const act = async (
  id: string,
  action: Action,
  version: number,
  body: unknown,
  repeatable: { account?: string; key?: string } = {},
): Promise<Issue> =>
  (await request<Issue>(`/issues/${id}/actions/${action}`, { method: "POST", body, version, ...repeatable })).body;

export const listInspectors = async (): Promise<Schemas["Person"][]> =>
  (await get<{ items: Schemas["Person"][] }>("/inspectors")).body.items;

/** Who answers for an item at a point today, by the division of duties. */
export const readResponsible = async (pointId: string, itemCode: string): Promise<Schemas["ResponsibleView"]> =>
  (await get<Schemas["ResponsibleView"]>(`/points/${pointId}/responsible?item=${encodeURIComponent(itemCode)}`)).body;

export const photoPath = (id: string, variant: "thumb" | "view" | "original"): string => `/photos/${id}/${variant}`;
export const photoUrl = (id: string, variant: "thumb" | "view" | "original"): string =>
  `/api/v1${photoPath(id, variant)}`;
