// Audit records.
import { encodeQuery } from "./query";
import type { Query } from "./query";
import { get } from "./request";
import type { Page, Schemas } from "./types";

export type AuditRecord = Schemas["AuditView"];

export const listAudit = async (query: string): Promise<Page<AuditRecord>> =>
  (await get<Page<AuditRecord>>(`/audit?${query}`)).body;

export type AuditPerson = Schemas["Person"];

/** Everybody whom records may name, by name. */
export const listAuditPeople = async (): Promise<{ items: AuditPerson[] }> =>
  (await get<{ items: AuditPerson[] }>("/audit/people")).body;

export const auditQuery: (query: Query<"/audit">) => string = encodeQuery;
