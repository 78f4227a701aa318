// What each role of the service gets in this app: a role that is new there does not compile until it has its row here.
import type { Role } from "./api/types";
import * as parts from "./parts";
import { session } from "./session/session";
import type { IconName } from "./ui/Icon";
import type { AnyPart, Part } from "./ui/part";

/** Every tab there is, with its icon; its label is `tab.*` of the texts. */
export const TABS = {
  points: "pin",
  records: "list",
  capture: "camera",
  outbox: "up",
  me: "person",
  todo: "todo",
  all: "list",
  overview: "home",
  queue: "todo",
  issues: "list",
  map: "map",
  notices: "bell",
  wall: "camera",
  audit: "shield",
  complaints: "flag",
  settings: "gear",
} as const satisfies Record<string, IconName>;
export type Tab = keyof typeof TABS;

interface RoleRow {
  /** Draws this role's pages, from the start page on. */
  pages: Part<object>;
  /** The first is the start page. What is counted and has no tab here is counted on `me`, whose page leads there. */
  tabs: Tab[];
  /** Works at a desk: on a wide screen the tabs stand beside the page, and every page has them. */
  isAtDesk?: true;
  /** What may be needed where there is no network, in the order in which it is fetched ahead. */
  ahead: AnyPart[];
  /** An account of this role belongs to one unit, and its lists hold nothing but what that unit has to do. */
  hasUnit?: true;
  /** An account of this role belongs to one campaign, and its lists hold nothing but that one's issues. */
  hasCampaign?: true;
  /** Finds and reports issues under a pseudonym, with photos that may wait for Wi-Fi. */
  isFinder?: true;
}

const FORMS: AnyPart[] = [parts.outbox, parts.answer, parts.changes, parts.account];

/** Reads what has been released to units, with its figures, and does nothing about it. */
const READER: RoleRow = {
  pages: parts.reader,
  tabs: ["overview", "issues", "wall", "me"],
  isAtDesk: true,
  ahead: [],
};

/** In the order in which an administrator chooses from them. */
export const ROLES: Record<Role, RoleRow> = {
  inspector: {
    pages: parts.inspector,
    tabs: ["points", "records", "capture", "outbox", "me"],
    ahead: [parts.visits, parts.report, parts.inspectorIssue, parts.notices, ...FORMS, parts.records, parts.point],
    isFinder: true,
  },
  unit: {
    pages: parts.unitPages,
    tabs: ["todo", "all", "notices", "me"],
    ahead: [parts.unitIssue, parts.notices, ...FORMS, parts.month],
    hasUnit: true,
  },
  office: {
    pages: parts.office,
    tabs: ["overview", "queue", "issues", "map", "notices", "me"],
    isAtDesk: true,
    ahead: [parts.desk, parts.notices],
  },
  leader: READER,
  task_force: { ...READER, hasCampaign: true },
  discipline: { ...READER, tabs: ["overview", "issues", "wall", "audit", "complaints", "me"] },
  admin: {
    ...READER,
    pages: parts.settings,
    tabs: ["settings", "me"],
  },
};

/** Who is signed in may have a role that only a newer service knows: such a one reads. */
export const myRole = (): RoleRow =>
  (ROLES as Partial<Record<string, RoleRow>>)[session.value?.user.role as string] ?? READER;
