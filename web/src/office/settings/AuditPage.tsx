import { useState } from "preact/hooks";
import { auditQuery, listAudit } from "../../api/audit";
import type { AuditRecord } from "../../api/audit";
import { asFailure } from "../../api/failure";
import type { Failure } from "../../api/failure";
import type { Page as Paged, Schemas } from "../../api/types";
import { keysOf } from "../../keysOf";
import { goInstead, link, route } from "../../router";
import { t } from "../../texts";
import { formatClock, formatDay } from "../../time/moment";
import { useCached } from "../../ui/useCached";
import { FailureNotice, Fetched } from "../../ui/Notice";
import { Page } from "../../ui/Page";
import { Filter, Table } from "./Table";

/** Every action of the audit records, for the filter. */
const ACTIONS: Record<Schemas["AuditAction"], true> = {
  "sign-in": true,
  "sign-out": true,
  "session-revoked": true,
  "password-changed": true,
  "access-denied": true,
  "user-created": true,
  "user-changed": true,
  "user-disabled": true,
  "setting-changed": true,
  "map-changed": true,
  "packet-handed-in": true,
  "record-handed-in": true,
  imported: true,
  "job-taken-up": true,
  "complaint-answered": true,
  "export-requested": true,
  "export-read": true,
  "original-read": true,
  "scrub-failed": true,
};
const PAGE_ROWS = 50;
const queryOf = (action: Schemas["AuditAction"] | null, cursor: string | null) =>
  auditQuery({ limit: PAGE_ROWS, action, cursor });

/** Who did what to the service, latest first. */
export function AuditPage() {
  const asked = route.value.query.get("action") ?? "";
  const action = keysOf(ACTIONS).find((one) => one === asked) ?? null;
  const query = queryOf(action, null);
  const first = useCached<Paged<AuditRecord>>(`audit?${query}`, () => listAudit(query));
  return (
    <Page
      title={t("settings.audit")}
      back={link("settings")}
      isWide
      aside={
        <button type="button" class="button" onClick={first.reload}>
          {t("action.refresh")}
        </button>
      }
    >
      <div class="stack">
        <p class="meta">{t("audit.intro")}</p>
        <div class="filters">
          <Filter
            label={t("audit.action")}
            value={action ?? ""}
            onChange={(value) => goInstead(`${link("settings", "audit")}${value ? `?action=${value}` : ""}`)}
            options={keysOf(ACTIONS).map((one) => [one, t(`audit.${one}`)])}
          />
        </div>
        <Fetched of={first} rows={8}>
          {(page) => <Records key={action} first={page} action={action} />}
        </Fetched>
      </div>
    </Page>
  );
}

function Records({ first, action }: { first: Paged<AuditRecord>; action: Schemas["AuditAction"] | null }) {
  const [more, setMore] = useState<AuditRecord[]>([]);
  const [cursor, setCursor] = useState<string | null | undefined>(undefined);
  const [failure, setFailure] = useState<Failure | null>(null);
  const next = cursor === undefined ? first.next_cursor : cursor;
  async function load() {
    try {
      const page = await listAudit(queryOf(action, next));
      setMore([...more, ...page.items]);
      setCursor(page.next_cursor);
      setFailure(null);
    } catch (cause) {
      setFailure(asFailure(cause));
    }
  }
  const rows = [...first.items, ...more];
  return (
    <div class="stack">
      <Table
        caption={t("settings.audit")}
        rows={rows}
        keyOf={(record) => record.seq}
        shown={rows.length}
        empty={t("table.empty")}
        columns={[
          {
            label: t("audit.what"),
            cell: (record) => (
              <>
                <strong>{t(`audit.${record.action}`)}</strong>
                <br />
                <span class={`chip ${record.outcome === "done" ? "" : "tone-danger"}`}>
                  {t(`outcome.${record.outcome}`)}
                </span>
              </>
            ),
          },
          { label: t("audit.at"), cell: (record) => `${formatDay(record.at)} ${formatClock(record.at)}` },
          {
            label: t("audit.who"),
            cell: (record) => (
              <>
                <span lang="zh-CN">{record.actor?.display_name ?? t("audit.nobody")}</span>
                {record.actor_role ? (
                  <>
                    <br />
                    <span class="caption">{t(`role.${record.actor_role}`)}</span>
                  </>
                ) : null}
              </>
            ),
          },
          { label: t("audit.target"), cell: (record) => <code>{record.target}</code> },
          {
            label: t("audit.detail"),
            cell: (record) => (
              <>
                <span lang="en">{record.detail}</span>
                {record.times > 1 ? ` · ${t("audit.times", { count: record.times })}` : ""}
                <br />
                <span class="caption">{record.request_id}</span>
              </>
            ),
          },
        ]}
      />
      {failure ? <FailureNotice failure={failure} onRetry={() => void load()} /> : null}
      {next ? (
        <button type="button" class="button" onClick={() => void load()}>
          {t("audit.older")}
        </button>
      ) : null}
    </div>
  );
}
