import { PEER_GROUP_CHARS_MAX } from "../api/limits";
import { listGroups, putGroup } from "../api/months";
import type { UnitGroup } from "../api/months";
import { reachable } from "../api/request";
import { link } from "../router";
import { t } from "../texts";
import { Empty, FailureNotice, Fetched } from "../ui/Notice";
import { Page } from "../ui/Page";
import { TextField } from "../ui/TextField";
import { useCached } from "../ui/useCached";
import { faultAt } from "./fault";
import { groupsOf } from "./Ranking";
import { useSending } from "./useStep";
import { forgetTyped, useTyped } from "../ui/useTyped";

/** In which group each unit is ranked. */
export function GroupsPage() {
  const groups = useCached<UnitGroup[]>("unit-groups", listGroups);
  return (
    <Page title={t("months.groups")} back={link("months")} isWide>
      <Fetched of={groups}>
        {(units) => (
          <div class="stack">
            <p class="meta">{t("groups.hint")}</p>
            {units.length === 0 ? <Empty>{t("groups.empty")}</Empty> : null}
            <div class="month-rules">
              {groupsOf(units).map(([group, members]) => (
                <section class="card stack" key={group} aria-labelledby={`group-${group}`}>
                  <h2 id={`group-${group}`} lang="zh-CN">
                    {group} <span class="meta">{t("ranking.count", { count: members.length })}</span>
                  </h2>
                  <ul class="month-list">
                    {members.map((unit) => (
                      <li key={unit.unit_id}>
                        <Member of={unit} groups={groupsOf(units).map(([name]) => name)} onChange={groups.reload} />
                      </li>
                    ))}
                  </ul>
                </section>
              ))}
            </div>
          </div>
        )}
      </Fetched>
    </Page>
  );
}

function Member({ of, groups, onChange }: { of: UnitGroup; groups: string[]; onChange: () => void }) {
  const form = `group/${of.unit_id}`;
  const [isOpen, setOpen] = useTyped(form, "open", false);
  const [group, setGroup] = useTyped(form, "group", of.peer_group);
  const [isTownship, setTownship] = useTyped(form, "township", of.is_township);
  const { isBusy, failure, send } = useSending(onChange);
  if (!isOpen)
    return (
      <div class="month-line">
        <span lang="zh-CN">{of.name}</span>
        <span class="wrap month-counts">
          {of.is_township ? <span class="chip">{t("groups.township")}</span> : null}
        </span>
        <button
          type="button"
          class="button button-plain month-object"
          aria-label={t("groups.changeOf", { name: of.name })}
          onClick={() => setOpen(true)}
        >
          {t("groups.change")}
        </button>
      </div>
    );
  return (
    <form
      class="stack month-form"
      noValidate
      onSubmit={(event) => {
        event.preventDefault();
        void send(
          () => putGroup(of.unit_id, { peer_group: group.trim(), is_township: isTownship }),
          () => {
            setOpen(false);
            forgetTyped(form);
          },
        );
      }}
    >
      <p class="list-title" lang="zh-CN">
        {of.name}
      </p>
      <TextField
        id={`group-of-${of.unit_id}`}
        label={t("groups.group")}
        hint={t("groups.groupHint")}
        max={PEER_GROUP_CHARS_MAX}
        value={group}
        onInput={setGroup}
        error={faultAt(failure, "/peer_group")}
      />
      <div class="wrap">
        {groups
          .filter((name) => name !== group)
          .map((name) => (
            <button key={name} type="button" class="phrase" lang="zh-CN" onClick={() => setGroup(name)}>
              {name}
            </button>
          ))}
      </div>
      <label class="tick">
        <input type="checkbox" checked={isTownship} onChange={() => setTownship(!isTownship)} />
        {t("groups.isTownship")}
      </label>
      {failure && failure.fields.length === 0 ? <FailureNotice failure={failure} /> : null}
      <div class="wrap">
        <button
          type="submit"
          class="button button-primary"
          disabled={isBusy || !reachable.value || group.trim() === ""}
        >
          {t(isBusy ? "months.busy" : "months.save")}
        </button>
        <button type="button" class="button" onClick={() => setOpen(false)}>
          {t("action.cancel")}
        </button>
      </div>
    </form>
  );
}
