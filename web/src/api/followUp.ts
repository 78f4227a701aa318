// Following up 督办: look-back samples, cards, the dispatch list.
import { PAGE_MAX } from "./limits";
import { encodeQuery } from "./query";
import { get, request } from "./request";
import type { Page, Schemas } from "./types";

export type OfficeCard = Schemas["OfficeCard"];
export type PublicCard = Schemas["PublicCard"];
export type CardAction = Schemas["CardAction"];
export type CardState = Schemas["CardState"];
export type CardStep = Schemas["CardStep"];
export type Sample = Schemas["SampleView"];
export type SampleDetail = Schemas["SampleDetail"];
export type DispatchList = Schemas["DispatchView"];
export type DispatchRow = Schemas["ChokeView"];
export type AccountabilityCase = Schemas["CaseView"];

/** Cards in this state, or all, as the office reads them. */
export const listCards = async (state: CardState | "", cursor: string | null): Promise<Page<OfficeCard>> =>
  (await get<Page<OfficeCard>>(`/cards?${encodeQuery({ state, cursor, limit: 50 })}`)).body;

/** Cards that were issued, as everybody else reads them. */
export const listIssuedCards = async (): Promise<Page<PublicCard>> =>
  (await get<Page<PublicCard>>(`/cards?limit=${PAGE_MAX}`)).body;

/** Takes a step on a card as it was last seen. */
export const takeCardStep = async (card: OfficeCard, action: CardAction, body: CardStep): Promise<OfficeCard> =>
  (await request<OfficeCard>(`/cards/${card.id}/actions/${action}`, { method: "POST", body, version: card.version }))
    .body;

export const listSamples = async (): Promise<Page<Sample>> =>
  (await get<Page<Sample>>("/look-back-samples?limit=50")).body;

/** Has the sample of the present month drawn; when it was drawn before, that one is answered. */
export const drawSample = async (month: string): Promise<Sample> =>
  (await request<Sample>("/look-back-samples", { method: "POST", body: { month } })).body;

export const readSample = async (id: string): Promise<SampleDetail> =>
  (await get<SampleDetail>(`/look-back-samples/${id}`)).body;

/** The proof file, `null` while a drawn issue waits for its day, and where only the discipline inspection reads it. */
export const readSampleProof = async (id: string): Promise<Schemas["SampleProofView"]> =>
  (await get<Schemas["SampleProofView"]>(`/look-back-samples/${id}/proof`)).body;

/** The first part of the list, or the one that begins behind `cursor`. */
export const readDispatchList = async (cursor: string | null): Promise<DispatchList> =>
  (await get<DispatchList>(`/dispatch-list?${encodeQuery({ cursor, limit: PAGE_MAX })}`)).body;

export const listCases = async (cursor: string | null): Promise<Page<AccountabilityCase>> =>
  (await get<Page<AccountabilityCase>>(`/accountability-cases?${encodeQuery({ cursor, limit: 50 })}`)).body;

/** Enters a case under this id; the same again answers what is stored. */
export const putCase = async (id: string, body: Schemas["NewCase"]): Promise<AccountabilityCase> =>
  (await request<AccountabilityCase>(`/accountability-cases/${id}`, { method: "PUT", body })).body;

/** Approves a case that somebody else entered. */
export const approveCase = async (id: string): Promise<AccountabilityCase> =>
  (await request<AccountabilityCase>(`/accountability-cases/${id}/approval`, { method: "PUT" })).body;
