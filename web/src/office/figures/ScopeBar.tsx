import { go, link } from "../../router";
import { reference } from "../../session/reference";
import { myRole } from "../../roles";
import { localName, t } from "../../texts";
import { areas } from "../areas";
import { SCOPE } from "./links";
import type { Scope } from "./links";

/** Limits figures and pictures to a unit, a street or township, or a campaign. */
export function ScopeBar({ page, scope }: { page: string; scope: Scope }) {
  const { units = [], campaigns = [] } = reference.value ?? {};
  const lists: Record<keyof Scope, { label: string; options: [string, string][] }> = {
    unit_id: { label: t("unit.title"), options: units.map((unit) => [unit.id, unit.name]) },
    area: { label: t("list.area"), options: areas(units) },
    campaign: { label: t("list.campaign"), options: campaigns.map((one) => [one.code, localName(one)]) },
  };
  // Whoever works for one campaign sees no other.
  const offered = SCOPE.filter(
    (name) => lists[name].options.length > 1 && !(name === "campaign" && myRole().hasCampaign),
  );
  const set = (name: keyof Scope, value: string) => {
    const next = { ...scope, [name]: value };
    const words = new URLSearchParams(Object.entries(next).filter(([, one]) => one)).toString();
    go(link(page) + (words === "" ? "" : `?${words}`));
  };
  return (
    <div class="filters scope no-print" role="group" aria-label={t("figures.scope")}>
      {offered.map((name) => (
        <label key={name} class={`field filter ${scope[name] ? "filter-set" : ""}`}>
          <span class="caption">{lists[name].label}</span>
          <select value={scope[name] ?? ""} onChange={(event) => set(name, event.currentTarget.value)}>
            <option value="">{t("list.any")}</option>
            {lists[name].options.map(([value, words]) => (
              <option key={value} value={value}>
                {words}
              </option>
            ))}
          </select>
        </label>
      ))}
      {Object.keys(scope).length > 0 ? (
        <a class="button" href={link(page)}>
          {t("list.clear")}
        </a>
      ) : null}
    </div>
  );
}
