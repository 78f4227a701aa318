import { listAuditPeople } from "../../api/audit";
import type { AuditPerson, AuditRecord } from "../../api/audit";
import type { Schemas } from "../../api/types";
import { keysOf } from "../../keysOf";
import { goInstead, link, route } from "../../router";
import { t } from "../../texts";
import { formatClock, formatDay } from "../../time/moment";
import { useCached } from "../../ui/useCached";
import { Fetched } from "../../ui/Notice";
import { Page } from "../../ui/Page";
import { auditSheet, detailText, gatherAudit, peopleOf, READ_MAX, targetText } from "./auditRows";
import type { AuditFilter, Gathered } from "./auditRows";
import { saveText, toCsv } from "./sheetText";
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
  "reference-changed": true,
  "place-settled": true,
  "job-taken-up": true,
  "complaint-answered": true,
  "export-requested": true,
  "export-read": true,
  "batch-changed": true,
  "recusals-changed": true,
  "planning-changed": true,
  "point-head-changed": true,
  "zone-changed": true,
  "name-asked": true,
  "name-answered": true,
  "name-read": true,
  "keeper-changed": true,
  "draw-read": true,
  "month-rules-changed": true,
  "peer-group-changed": true,
  "month-changed": true,
  "adjustment-made": true,
  "commendation-made": true,
  "ledger-changed": true,
  "sample-drawn": true,
  "card-changed": true,
  "case-changed": true,
  "self-report-changed": true,
  "leader-note-written": true,
  "repeats-drawn": true,
  "original-read": true,
  "scrub-failed": true,
};
/** Who did what to the service, latest first, by person and day; what is left can be saved as a sheet. */
export function AuditPage() {
  const { path, query } = route.value;
  // For discipline it is a tab.
  const isTab = path[0] === "audit";
  const asked = (name: string) => query.get(name) ?? "";
  const action = keysOf(ACTIONS).find((one) => one === asked("action")) ?? null;
  const filter: AuditFilter = { action, who: asked("who"), from: asked("from"), to: asked("to") };
  const first = useCached<Gathered>(`audit?${query.toString()}`, () => gatherAudit(filter));
  const people = useCached<{ items: AuditPerson[] }>("audit/people", listAuditPeople);
  const set = (name: string, value: string) => {
    const next = new URLSearchParams(query);
    if (value === "") next.delete(name);
    else next.set(name, value);
    const words = next.toString();
    goInstead((isTab ? link("audit") : link("settings", "audit")) + (words === "" ? "" : `?${words}`));
  };
  const day = (name: "from" | "to") => (
    <label class="field filter">
      <span class="caption">{t(`audit.${name}Day`)}</span>
      <input type="date" value={filter[name]} onChange={(event) => set(name, event.currentTarget.value)} />
    </label>
  );
  return (
    <Page
      title={t("settings.audit")}
      {...(isTab ? {} : { back: link("settings") })}
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
            onChange={(value) => set("action", value)}
            options={keysOf(ACTIONS).map((one) => [one, t(`audit.${one}`)])}
          />
          <Filter
            label={t("audit.who")}
            value={filter.who}
            onChange={(value) => set("who", value)}
            options={peopleOf(people.body?.items ?? [])}
          />
          {day("from")}
          {day("to")}
        </div>
        <Fetched of={first} rows={8}>
          {({ items, isCut }) => <Records key={query.toString()} rows={items} isCut={isCut} />}
        </Fetched>
      </div>
    </Page>
  );
}

function Records({ rows, isCut }: { rows: AuditRecord[]; isCut: boolean }) {
  return (
    <div class="stack">
      <div class="row-spread">
        <p class="meta" role="status">
          {isCut ? t("audit.cut", { most: READ_MAX }) : t("audit.read", { count: rows.length })}
        </p>
        <button
          type="button"
          class="button"
          disabled={rows.length === 0}
          onClick={() => saveText(`${t("settings.audit")}.csv`, toCsv(auditSheet(rows)))}
        >
          {t("audit.save")}
        </button>
      </div>
      <Table
        caption={t("settings.audit")}
        rows={rows}
        keyOf={(record) => record.seq}
        empty={t("table.empty")}
        isCounted={false}
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
          { label: t("audit.target"), cell: (record) => targetText(record.target) },
          {
            label: t("audit.detail"),
            cell: (record) => (
              <>
                <span lang={detailText(record.detail) === record.detail ? "en" : undefined}>
                  {detailText(record.detail)}
                </span>
                {record.times > 1 ? ` · ${t("audit.times", { count: record.times })}` : ""}
                <br />
                <span class="caption">{record.request_id}</span>
              </>
            ),
          },
        ]}
      />
    </div>
  );
}
