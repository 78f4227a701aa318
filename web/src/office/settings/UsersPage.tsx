import { useState } from "preact/hooks";
import { listUsers } from "../../api/users";
import type { User } from "../../api/users";
import { keysOf } from "../../keysOf";
import { ROLES } from "../../roles";
import { link } from "../../router";
import { reference, unitOf } from "../../session/reference";
import { localName, t } from "../../texts";
import { formatDay } from "../../time/moment";
import { useCached } from "../../ui/useCached";
import { Fetched } from "../../ui/Notice";
import { Page } from "../../ui/Page";
import { Filter, fits, Search, Table } from "./Table";

/** All accounts: search, change and add them. */
export function UsersPage() {
  const users = useCached<User[]>("users", listUsers);
  const [words, setWords] = useState("");
  const [role, setRole] = useState("");
  const [state, setState] = useState("");
  const wanted = (user: User) =>
    fits(words, user.username, user.display_name, worksFor(user)) &&
    (role === "" || user.role === role) &&
    (state === "" || (state === "disabled") === (user.disabled_at !== null));
  return (
    <Page title={t("settings.users")} back={link("settings")} isWide>
      <div class="stack">
        <div class="wrap">
          <a class="button button-primary" href={link("settings", "users", "new")}>
            {t("users.add")}
          </a>
          <a class="button" href={link("settings", "import", "users")}>
            {t("import.do")}
          </a>
        </div>
        <Search label={t("users.search")} value={words} onInput={setWords} />
        <div class="filters">
          <Filter
            label={t("users.role")}
            value={role}
            onChange={setRole}
            options={keysOf(ROLES).map((value) => [value, t(`role.${value}`)])}
          />
          <Filter
            label={t("users.state")}
            value={state}
            onChange={setState}
            options={[
              ["active", t("users.active")],
              ["disabled", t("users.disabled")],
            ]}
          />
        </div>
        <Fetched of={users} rows={6}>
          {(all) => (
            <Table
              caption={t("settings.users")}
              rows={all.filter(wanted)}
              keyOf={(user) => user.id}
              empty={t("table.empty")}
              columns={[
                {
                  label: t("users.who"),
                  cell: (user) => (
                    <>
                      <a href={link("settings", "users", user.id)}>
                        <strong lang="zh-CN">{user.display_name}</strong>
                      </a>
                      <br />
                      <span class="meta">{user.username}</span>
                    </>
                  ),
                },
                { label: t("users.role"), cell: (user) => t(`role.${user.role}`) },
                {
                  label: t("users.worksFor"),
                  cell: (user) => <span lang={user.unit_id === null ? undefined : "zh-CN"}>{worksFor(user)}</span>,
                },
                { label: t("users.state"), cell: (user) => <StateOf user={user} /> },
                { label: t("users.created"), cell: (user) => formatDay(user.created_at) },
              ]}
            />
          )}
        </Fetched>
      </div>
    </Page>
  );
}

/** What the account belongs to, where it belongs to something. */
function worksFor({ unit_id, campaign }: User): string {
  if (unit_id !== null) return unitOf(unit_id)?.name ?? t("unit.unknown");
  return localName(reference.value?.campaigns.find((one) => one.code === campaign)) || campaign || "";
}

export function StateOf({ user }: { user: User }) {
  if (user.disabled_at !== null) return <span class="chip tone-danger">{t("users.disabled")}</span>;
  return user.must_change_password ? (
    <span class="chip tone-warn">{t("users.firstPassword")}</span>
  ) : (
    <span class="chip tone-success">{t("users.active")}</span>
  );
}
