// Complaints, and the answers to them.
import { encodeQuery } from "./query";
import type { Query } from "./query";
import { get, request } from "./request";
import type { Page, Schemas } from "./types";

export type Complaint = Schemas["ComplaintView"];

export const listComplaints = async (query: string): Promise<Page<Complaint>> =>
  (await get<Page<Complaint>>(`/complaints?${query}`)).body;

export type ComplaintCounts = Schemas["ComplaintCountsView"];

export const countComplaints = async (): Promise<ComplaintCounts> =>
  (await get<ComplaintCounts>("/complaints/counts")).body;

export const answerComplaint = async (id: string, answer: string): Promise<Complaint> =>
  (await request<Complaint>(`/complaints/${id}/answer`, { method: "PUT", body: { answer } })).body;

export type OwnComplaint = Schemas["OwnComplaintView"];

export type ComplaintKind = Schemas["ComplaintKind"];

export const listOwnComplaints = async (): Promise<OwnComplaint[]> =>
  (await get<{ items: OwnComplaint[] }>("/complaints/own")).body.items;

/** Files it. Sending the same again returns what is stored. */
export const fileComplaint = async (id: string, body: Schemas["ComplaintBody"]): Promise<OwnComplaint> =>
  (await request<OwnComplaint>(`/complaints/${id}`, { method: "PUT", body })).body;

export const complaintQuery: (query: Query<"/complaints">) => string = encodeQuery;
