// Audit records by person and day, and as a sheet.
import { auditQuery, listAudit } from "../../api/audit";
import type { AuditRecord } from "../../api/audit";
import { textIfKnown, t } from "../../texts";
import { civilDay } from "../../time/civil";
import { formatClock } from "../../time/moment";

/** Rows of an answer. Source: the REST contract. */
const ANSWER_ROWS = 200;
/** Most records that are read to look through. Source: our choice; ten answers. */
export const READ_MAX = 2_000;

export interface Gathered {
  items: AuditRecord[];
  /** Whether there are earlier ones that were not read. */
  isCut: boolean;
}

/** The latest records, back to a day if one is named. The service knows neither people nor days here. */
export async function gatherAudit(action: AuditRecord["action"] | null, since: string): Promise<Gathered> {
  const items: AuditRecord[] = [];
  let cursor: string | null = null;
  do {
    const page = await listAudit(auditQuery({ limit: ANSWER_ROWS, action, cursor }));
    items.push(...page.items);
    cursor = page.next_cursor;
    const last = page.items[page.items.length - 1];
    if (since !== "" && last && civilDay(last.at) < since) return { items, isCut: false };
  } while (cursor !== null && items.length < READ_MAX);
  return { items, isCut: cursor !== null };
}

export interface AuditFilter {
  /** Id of an account. */
  who: string;
  /** Civil days, both included; empty where there is no limit. */
  from: string;
  to: string;
}

export const fitsAudit = ({ actor, at }: Pick<AuditRecord, "actor" | "at">, { who, from, to }: AuditFilter): boolean =>
  (who === "" || actor?.id === who) && (from === "" || civilDay(at) >= from) && (to === "" || civilDay(at) <= to);

/** Those who did any of it, by name. */
export function actorsOf(items: Pick<AuditRecord, "actor">[]): [id: string, name: string][] {
  const found = new Map(items.flatMap(({ actor }) => (actor ? [[actor.id, actor.display_name] as const] : [])));
  return Array.from(found).sort((one, other) => one[1].localeCompare(other[1], "zh"));
}

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
