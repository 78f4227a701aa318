import { listPeople } from "../../api/charge";
import type { Duty, UnitPerson } from "../../api/charge";
import { keysOf } from "../../keysOf";
import { link } from "../../router";
import { unitOf } from "../../session/reference";
import { t } from "../../texts";
import { civilDay } from "../../time/civil";
import { formatDay, serverNow } from "../../time/moment";
import { Fetched } from "../../ui/Notice";
import { Page } from "../../ui/Page";
import { useCached } from "../../ui/useCached";
import { PersonForm } from "./PersonForm";
import { DUTIES, noon, ofDuty } from "./terms";

/** Who answers for one unit: now, later and before, each with the day on which it began. */
export function UnitPage({ id }: { id: string }) {
  const people = useCached<UnitPerson[]>(`units/${id}/people`, () => listPeople(id));
  return (
    <Page title={unitOf(id)?.name ?? t("settings.charge")} titleLang="zh-CN" back={link("settings", "charge")}>
      <Fetched of={people} rows={3}>
        {(all) => (
          <div class="stack-wide">
            {keysOf(DUTIES).map((duty) => (
              <OfDuty key={duty} unit={id} duty={duty} people={all} onChanged={people.reload} />
            ))}
          </div>
        )}
      </Fetched>
    </Page>
  );
}

function OfDuty({
  unit,
  duty,
  people,
  onChanged,
}: {
  unit: string;
  duty: Duty;
  people: UnitPerson[];
  onChanged: () => void;
}) {
  const today = civilDay(serverNow());
  const { now, later, all } = ofDuty(people, duty, today);
  const before = all.filter((one) => one !== now && one.from <= today);
  return (
    <section class="card stack" aria-labelledby={`charge-${duty}`}>
      <h2 id={`charge-${duty}`}>{t(`charge.duty.${duty}`)}</h2>
      {now ? (
        <p>
          <Name of={now} /> <span class="meta">{t("charge.since", { day: formatDay(noon(now.from)) })}</span>
        </p>
      ) : (
        <p class="text-warn">{t("charge.nobodyNow")}</p>
      )}
      {later.length > 0 ? (
        <ul class="stack-tight" aria-label={t("charge.later")}>
          {later.map((one) => (
            <li key={one.from}>
              <span class="chip tone-info">{t("charge.fromDay", { day: formatDay(noon(one.from)) })}</span>{" "}
              <Name of={one} />
            </li>
          ))}
        </ul>
      ) : null}
      <PersonForm unit={unit} duty={duty} all={all} now={now} today={today} onKept={onChanged} />
      {before.length > 0 ? (
        <details>
          <summary>{t("charge.before", { count: before.length })}</summary>
          <ul class="stack-tight">
            {before.map((one) => (
              <li key={one.from}>
                <Name of={one} /> <span class="meta">{t("charge.since", { day: formatDay(noon(one.from)) })}</span>
              </li>
            ))}
          </ul>
        </details>
      ) : null}
    </section>
  );
}

function Name({ of: { person, phone } }: { of: UnitPerson }) {
  if (person === "") return <strong>{t("charge.nobody")}</strong>;
  return (
    <>
      <strong lang="zh-CN">{person}</strong>{" "}
      {phone ? <a href={`tel:${phone.replace(/[^\d+]/g, "")}`}>{phone}</a> : null}
    </>
  );
}
