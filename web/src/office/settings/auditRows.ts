// Audit records by person and day, and as a sheet.
import { auditQuery, listAudit } from "../../api/audit";
import type { AuditPerson, AuditRecord } from "../../api/audit";
import { PAGE_MAX } from "../../api/limits";
import type { Query } from "../../api/query";
import { textIfKnown, t } from "../../texts";
import { civilDay } from "../../time/civil";
import { formatClock } from "../../time/moment";

const DAY_MS = 24 * 3_600_000;
/** Most records that are read for a page. Source: our choice; ten answers. */
export const READ_MAX = 2_000;

export interface Gathered {
  items: AuditRecord[];
  /** Whether there are earlier ones that were not read. */
  isCut: boolean;
}

export interface AuditFilter {
  action: AuditRecord["action"] | null;
  /** Id of an account; empty for everybody. */
  who: string;
  /** Civil days, both included; empty where there is no limit. */
  from: string;
  to: string;
}

const dayAfter = (day: string): string => new Date(Date.parse(day) + DAY_MS).toISOString().slice(0, 10);

/** What is asked of the service, whose days end before the one that is named last. */
export const askedOf = ({ action, who, from, to }: AuditFilter): Query<"/audit"> => ({
  action,
  who: who === "" ? null : who,
  from: from === "" ? null : from,
  to: to === "" ? null : dayAfter(to),
});

/** The latest records that fit. */
export async function gatherAudit(filter: AuditFilter): Promise<Gathered> {
  // No day is both.
  if (filter.from !== "" && filter.to !== "" && filter.to < filter.from) return { items: [], isCut: false };
  const items: AuditRecord[] = [];
  let cursor: string | null = null;
  do {
    const page = await listAudit(auditQuery({ ...askedOf(filter), limit: PAGE_MAX, cursor }));
    items.push(...page.items);
    cursor = page.next_cursor;
  } while (cursor !== null && items.length < READ_MAX);
  return { items, isCut: cursor !== null };
}

/** People to choose from, in the order of a Chinese list of names. */
export const peopleOf = (people: AuditPerson[]): [id: string, name: string][] =>
  people
    .map(({ id, display_name }): [string, string] => [id, display_name])
    .sort((one, other) => one[1].localeCompare(other[1], "zh"));

/** `user:office01` in words. */
export function targetText(target: string): string {
  const [, kind = "", name = ""] = /^([a-z-]+):(.*)$/.exec(target) ?? [];
  const words = kind === "" ? undefined : textIfKnown(`auditTarget.${kind}`);
  return words === undefined ? target : `${words} ${name}`;
}

/** What the service says in words of its own; where somebody came from is said in ours. */
export function detailText(detail: string): string {
  const from = /^from (\S+)$/.exec(detail)?.[1];
  return from === undefined ? detail : t("audit.from", { address: from });
}

export function auditSheet(items: AuditRecord[]): string[][] {
  return [
    [
      t("audit.at"),
      t("audit.what"),
      t("audit.outcome"),
      t("audit.who"),
      t("audit.role"),
      t("audit.target"),
      t("audit.detail"),
      t("audit.count"),
      t("audit.request"),
    ],
    ...items.map((record) => [
      `${civilDay(record.at)} ${formatClock(record.at)}`,
      t(`audit.${record.action}`),
      t(`outcome.${record.outcome}`),
      record.actor?.display_name ?? t("audit.nobody"),
      record.actor_role ? t(`role.${record.actor_role}`) : "",
      targetText(record.target),
      detailText(record.detail),
      String(record.times),
      record.request_id,
    ]),
  ];
}
