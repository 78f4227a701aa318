import { useState } from "preact/hooks";
import { listDuties } from "../../api/duties";
import type { Duty } from "../../api/duties";
import { keysOf } from "../../keysOf";
import { link } from "../../router";
import { itemOf, placeOf, reference, unitOf } from "../../session/reference";
import { localName, t, localTitle } from "../../texts";
import { useCached } from "../../ui/useCached";
import { Fetched } from "../../ui/Notice";
import { Page } from "../../ui/Page";
import { ImportLink } from "./ReferencePages";
import { ResponsibleCheck } from "./ResponsibleCheck";
import { Filter, fits, Search, Table } from "./Table";

const ROLES: Record<Duty["role"], true> = { lead: true, co: true, territorial: true, frontage: true };

/** Who answers for what, and where. */
export function DutiesPage() {
  const duties = useCached<Duty[]>("duties", listDuties);
  const [words, setWords] = useState("");
  const [unit, setUnit] = useState("");
  const [role, setRole] = useState("");
  const campaignName = (code: string | null) =>
    localName(reference.value?.campaigns.find((one) => one.code === code)) || code || "";
  const placeWords = (duty: Duty) =>
    duty.point_id
      ? (placeOf(duty.point_id)?.name ?? duty.point_id)
      : duty.area_code
        ? t("duties.area", { code: duty.area_code })
        : t("duties.county");
  const subjectWords = (duty: Duty) =>
    duty.item_code
      ? `${duty.item_code} ${localTitle(itemOf(duty.item_code))}`
      : t("duties.wholeCampaign", { name: campaignName(duty.campaign) });
  const wanted = (duty: Duty) =>
    fits(words, placeWords(duty), placeOf(duty.point_id)?.code, subjectWords(duty), unitOf(duty.unit_id)?.name) &&
    (unit === "" || duty.unit_id === unit) &&
    (role === "" || duty.role === role);
  return (
    <Page title={t("import.duties")} back={link("settings")} isWide>
      <div class="stack-wide">
        <ResponsibleCheck />
        <div class="stack">
          <h2>{t("duties.list")}</h2>
          <ImportLink kind="duties" />
          <Search label={t("duties.search")} value={words} onInput={setWords} />
          <div class="filters">
            <Filter
              label={t("unit.title")}
              value={unit}
              onChange={setUnit}
              options={(reference.value?.units ?? []).map((one) => [one.id, one.name])}
            />
            <Filter
              label={t("duties.role")}
              value={role}
              onChange={setRole}
              options={keysOf(ROLES).map((one) => [one, t(`duty.${one}`)])}
            />
          </div>
          <Fetched of={duties} rows={6}>
            {(all) => (
              <Table
                key={`${words}|${unit}|${role}`}
                caption={t("import.duties")}
                rows={all.filter(wanted)}
                keyOf={(duty) => duty.id}
                empty={t("duties.empty")}
                columns={[
                  { label: t("duties.what"), cell: (duty) => <strong>{subjectWords(duty)}</strong> },
                  { label: t("duties.where"), cell: (duty) => <span lang="zh-CN">{placeWords(duty)}</span> },
                  {
                    label: t("duties.role"),
                    cell: (duty) => (
                      <span class={`chip ${duty.role === "lead" ? "tone-info" : ""}`}>{t(`duty.${duty.role}`)}</span>
                    ),
                  },
                  {
                    label: t("unit.title"),
                    cell: (duty) => <span lang="zh-CN">{unitOf(duty.unit_id)?.name ?? t("unit.unknown")}</span>,
                  },
                  {
                    label: t("duties.valid"),
                    cell: (duty) =>
                      duty.valid_from === null && duty.valid_to === null
                        ? t("duties.always")
                        : t("duties.span", {
                            from: duty.valid_from ?? t("duties.everSince"),
                            to: duty.valid_to ?? t("duties.forGood"),
                          }),
                  },
                ]}
              />
            )}
          </Fetched>
        </div>
      </div>
    </Page>
  );
}
