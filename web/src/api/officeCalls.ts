// Calls that only the pages of office and administrator make; they come with those pages.
import { get, request } from "./request";
import type { Page, Place, Schemas } from "./types";

export type User = Schemas["UserView"];
export type Duty = Schemas["DutyView"];
export type Sheet = Schemas["SheetView"];
export type Imported = Schemas["ImportedView"];
export type ImportKind = Schemas["ImportKind"];
export type StuckJob = Schemas["StuckJobView"];
export type AuditRecord = Schemas["AuditView"];
export type Responsible = Schemas["ResponsibleView"];
export type Calendar = Schemas["CalendarView"];
export type Setting = Schemas["SettingView"];
export type Complaint = Schemas["ComplaintView"];
export type MapImage = Schemas["MapImageView"];
export type Placement = Schemas["PlacementBody"];
type Items<T> = { items: T[] };

const items = async <T>(path: string): Promise<T[]> => (await get<Items<T>>(path)).body.items;

export const listUsers = (): Promise<User[]> => items("/users");
export const readUser = async (id: string): Promise<User> => (await get<User>(`/users/${id}`)).body;
export const createUser = async (body: Schemas["NewUserBody"]): Promise<Schemas["NewUserView"]> =>
  (await request<Schemas["NewUserView"]>("/users", { method: "POST", body })).body;
export const changeUser = async (id: string, body: Schemas["UserChangeBody"]): Promise<User> =>
  (await request<User>(`/users/${id}`, { method: "PATCH", body })).body;
export const resetPassword = async (id: string): Promise<string> =>
  (await request<Schemas["DrawnPassword"]>(`/users/${id}/password`, { method: "POST" })).body.password;

export const listUnits = (): Promise<Schemas["UnitView"][]> => items("/units");
/** Points that were taken out of use. */
export const listPointsOutOfUse = (): Promise<Place[]> => items("/points?active=false&limit=200");
export const listDuties = (): Promise<Duty[]> => items("/duties");
export const readResponsible = async (point: string, item: string): Promise<Responsible> =>
  (await get<Responsible>(`/points/${point}/responsible?item=${encodeURIComponent(item)}`)).body;
export const listSheets = (): Promise<Sheet[]> => items("/imports");

export const listStuckJobs = (): Promise<StuckJob[]> => items("/jobs/stuck");
export const retryJob = async (id: string): Promise<void> => {
  await request<void>(`/jobs/${id}/retry`, { method: "POST" });
};
export const listAudit = async (query: string): Promise<Page<AuditRecord>> =>
  (await get<Page<AuditRecord>>(`/audit?${query}`)).body;

export const readCalendar = async (): Promise<Calendar> => (await get<Calendar>("/calendar")).body;
export const changeHours = async (body: Schemas["HoursBody"]): Promise<Calendar> =>
  (await request<Calendar>("/calendar", { method: "PATCH", body })).body;
export const listSettings = (): Promise<Setting[]> => items("/settings/fields");
export const changeSettings = async (body: Record<string, unknown>): Promise<void> => {
  await request<unknown>("/settings", { method: "PATCH", body });
};
export const listComplaints = async (query: string): Promise<Page<Complaint>> =>
  (await get<Page<Complaint>>(`/complaints?${query}`)).body;
export const answerComplaint = async (id: string, answer: string): Promise<Complaint> =>
  (await request<Complaint>(`/complaints/${id}/answer`, { method: "PUT", body: { answer } })).body;

export const placeMapImage = async (body: Placement): Promise<MapImage> =>
  (await request<MapImage>("/map/image", { method: "PATCH", body })).body;
export const removeMapImage = async (): Promise<void> => {
  await request<void>("/map/image", { method: "DELETE" });
};
