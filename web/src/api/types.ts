// Short names for the generated types, so that a change of the contract shows here first.
import type { components } from "./schema";

export type Schemas = components["schemas"];
export type Action = Schemas["Action"];
export type State = Schemas["State"];
export type Role = Schemas["Role"];
export type Severity = Schemas["Severity"];
export type PhotoView = Schemas["PhotoView"];
export type PhotoStage = Schemas["PhotoStage"];
export type FlagCode = Schemas["FlagCode"];
export type ProblemCode = Schemas["ProblemCode"];
export type FieldCode = Schemas["FieldCode"];
export type Remedy = Schemas["Remedy"];
export type RequestKind = Schemas["RequestKind"];
export type Fineness = Schemas["Fineness"];
export type RequestState = Schemas["RequestState"];
export type Reference = Schemas["ReferenceView"];
export type Place = Schemas["PlaceView"];
/** An older service says nothing of photos that an item requires. */
export type Item = Schemas["ItemView"] & { photo_required?: boolean };
export type Unit = Schemas["UnitView"];
export type Location = Schemas["Location"];
export type Me = Schemas["MeView"];
export type Account = Schemas["OwnAccount"];
export type Report = Schemas["ReportBody"];
export type VisitBody = Schemas["VisitBody"];
export type ItemResult = Schemas["ItemResult"];
export type Interview = Schemas["Interview"];
export type TaskRef = Schemas["TaskRef"];
/** A task of one's own whose time has come. */
export type VisitTask = Schemas["Items_TaskView"]["items"][number];
export type FinderIssue = Schemas["FinderIssue"];
export type TaskIssue = Schemas["TaskIssue"];
/** A report of one's own, or a check that was assigned; only the former has `captured_at`. */
export type InspectorIssue = FinderIssue | TaskIssue;
export type UnitIssue = Schemas["UnitIssue"];
export type OfficeIssue = Schemas["OfficeIssue"];
export type ReleasedIssue = Schemas["ReleasedIssue"];
export type Issue = Schemas["IssueView"];
export type Event = Schemas["Items_EventView"]["items"][number];
export type OfficeEvent = Schemas["Items_OfficeEvent"]["items"][number];
export type Counts = Schemas["CountsView"];
export type NoticeKind = Schemas["NoticeKind"];
export type Notice = Schemas["NoticeView"];
export type NoticePage = Schemas["NoticePage"];
export type PhotoReceipt = Schemas["PhotoReceipt"];
export type Problem = Schemas["Problem"];
export type Settings = Schemas["SettingsView"];
export interface Page<T> {
  items: T[];
  next_cursor: string | null;
}
