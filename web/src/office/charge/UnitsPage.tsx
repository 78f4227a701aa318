import { useState } from "preact/hooks";
import { listInCharge } from "../../api/charge";
import type { Duty, InCharge } from "../../api/charge";
import { readVacancies } from "../../api/pointHeads";
import type { Vacancies } from "../../api/pointHeads";
import { keysOf } from "../../keysOf";
import { link } from "../../router";
import { reference } from "../../session/reference";
import { t } from "../../texts";
import { civilDay } from "../../time/civil";
import { formatDay, serverNow } from "../../time/moment";
import { Fetched, Loading, Notice } from "../../ui/Notice";
import { Page } from "../../ui/Page";
import { useCached } from "../../ui/useCached";
import { Filter, fitsNamed, Search, Table } from "../settings/Table";
import { byUnit, DUTIES, noon, ofDuty } from "./terms";

/** Every unit with its principal, vice head and liaison, and where nobody is named. */
export function UnitsPage() {
  const people = useCached<InCharge[]>("unit-people", listInCharge);
  const [words, setWords] = useState("");
  const [missing, setMissing] = useState("");
  const today = civilDay(serverNow());
  return (
    <Page title={t("settings.charge")} back={link("settings")} isWide>
      <div class="stack">
        <p class="meta">{t("charge.intro")}</p>
        <VacantPoints />
        <Fetched of={people} rows={6}>
          {(all) => {
            if (reference.value === null) return <Loading rows={6} />;
            const units = byUnit(all);
            const of = (unit: string, duty: Duty) => ofDuty(units.get(unit) ?? [], duty, today);
            const lacks = (unit: string) => keysOf(DUTIES).filter((duty) => !of(unit, duty).now);
            const rows = reference.value.units.filter((unit) => unit.active || units.has(unit.id));
            const incomplete = rows.filter((unit) => unit.active && lacks(unit.id).length > 0).length;
            return (
              <>
                <p class={incomplete > 0 ? "text-warn" : ""} role="status">
                  {incomplete > 0 ? t("charge.incomplete", { count: incomplete }) : t("charge.complete")}
                </p>
                <Search label={t("charge.search")} value={words} onInput={setWords} />
                <div class="filters">
                  <Filter
                    label={t("charge.missing")}
                    value={missing}
                    onChange={setMissing}
                    options={keysOf(DUTIES).map((duty) => [
                      duty,
                      t("charge.lacks", { duty: t(`charge.duty.${duty}`) }),
                    ])}
                  />
                </div>
                <Table
                  key={`${words}|${missing}`}
                  caption={t("settings.charge")}
                  rows={rows.filter(
                    (unit) =>
                      fitsNamed(
                        words,
                        unit,
                        unit.name,
                        unit.code,
                        ...(units.get(unit.id) ?? []).map(({ person }) => person),
                      ) &&
                      (missing === "" || lacks(unit.id).includes(missing as Duty)),
                  )}
                  keyOf={(unit) => unit.id}
                  empty={t("charge.noneFound")}
                  columns={[
                    {
                      label: t("charge.unit"),
                      cell: (unit) => (
                        <>
                          <a href={link("settings", "charge", unit.id)}>
                            <strong lang="zh-CN">{unit.name}</strong>
                          </a>
                          {unit.active ? null : (
                            <>
                              {" "}
                              <span class="chip">{t("charge.outOfUse")}</span>
                            </>
                          )}
                        </>
                      ),
                    },
                    ...keysOf(DUTIES).map((duty) => ({
                      label: t(`charge.duty.${duty}`),
                      cell: (unit: { id: string }) => <Holder {...of(unit.id, duty)} />,
                    })),
                  ]}
                />
              </>
            );
          }}
        </Fetched>
      </div>
    </Page>
  );
}

function Holder({ now, later }: { now: InCharge | undefined; later: InCharge[] }) {
  return (
    <>
      {now ? (
        <>
          <span lang="zh-CN">{now.person}</span>
          {now.phone ? <span class="caption"> {now.phone}</span> : null}
        </>
      ) : (
        <span class="text-warn">{t("charge.nobody")}</span>
      )}
      {later.map((one) => (
        <span class="caption" key={one.from}>
          <br />
          {t("charge.laterIs", {
            day: formatDay(noon(one.from)),
            person: one.person || t("charge.nobody"),
          })}
        </span>
      ))}
    </>
  );
}

/** Points that nobody answers for, so that who looks after people in charge sees those, too. */
function VacantPoints() {
  const { body } = useCached<Vacancies>("point-vacancies", () => readVacancies(null));
  if (!body || (body.since !== null && body.total === 0)) return null;
  return (
    <Notice tone={body.overdue > 0 ? "danger" : body.since === null ? "info" : "warn"}>
      <p>
        {body.since === null ? t("charge.noHeads") : t("charge.vacant", { total: body.total, overdue: body.overdue })}
      </p>
      <a class="button" href={link("plans", "heads")}>
        {t("charge.toHeads")}
      </a>
    </Notice>
  );
}
