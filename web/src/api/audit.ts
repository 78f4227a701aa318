// Audit records.
import { get } from "./request";
import type { Page, Schemas } from "./types";

export type AuditRecord = Schemas["AuditView"];

export const listAudit = async (query: string): Promise<Page<AuditRecord>> =>
  (await get<Page<AuditRecord>>(`/audit?${query}`)).body;
