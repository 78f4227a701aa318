import { useState } from "preact/hooks";
import { changeUser, readUser, resetPassword } from "../../api/users";
import type { User } from "../../api/users";
import { asFailure } from "../../api/failure";
import type { Failure } from "../../api/failure";
import { reachable } from "../../api/request";
import { link } from "../../router";
import { session } from "../../session/session";
import { t } from "../../texts";
import { formatDay } from "../../time/moment";
import { ConfirmButton } from "../../ui/ConfirmButton";
import { useCached } from "../../ui/useCached";
import { FailureNotice, Fetched, Notice } from "../../ui/Notice";
import { OptionalPart } from "../../ui/OptionalPart";
import { Page } from "../../ui/Page";
import { fieldErrorText, isBesideFields } from "./fieldErrorText";
import { OncePassword } from "./OncePassword";
import { FIELD_POINTERS, isComplete, namedFields, UserFields } from "./UserForm";
import type { Fields } from "./UserForm";
import { StateOf } from "./UsersPage";
import { forgetTyped, useTyped } from "../../ui/useTyped";

const loadKeeperSwitch = () => import("../names/KeeperSwitch").then((part) => part.KeeperSwitch);

/** One account: what it is, and what can be done about it. */
export function UserPage({ id }: { id: string }) {
  const user = useCached<User>(`users/${id}`, () => readUser(id));
  return (
    <Page title={user.body?.display_name ?? t("settings.users")} titleLang="zh-CN" back={link("settings", "users")}>
      <Fetched of={user}>{(body) => <Account key={body.id} user={body} onChanged={user.reload} />}</Fetched>
    </Page>
  );
}

const fieldsOf = (user: User): Fields => ({
  username: user.username,
  display_name: user.display_name,
  role: user.role,
  unit_id: user.unit_id ?? "",
  campaign: user.campaign ?? "",
  vice_head: user.vice_head,
});

function Account({ user, onChanged }: { user: User; onChanged: () => void }) {
  const form = `user/${user.id}`;
  const [fields, setFields] = useTyped(form, "fields", fieldsOf(user));
  const [isTried, setTried] = useState(false);
  const [isBusy, setBusy] = useState(false);
  const [failure, setFailure] = useState<Failure | null>(null);
  const [note, setNote] = useState<string | null>(null);
  const [drawn, setDrawn] = useState<string | null>(null);
  /** Increases so that buttons that ask for confirmation start again. */
  const [resets, setResets] = useState(0);
  const isOneself = user.id === session.value?.user.id;
  const before = fieldsOf(user);
  const named = namedFields(fields);
  const isElsewhere =
    fields.role !== before.role ||
    (named.unit_id ?? before.unit_id) !== before.unit_id ||
    (named.campaign ?? before.campaign) !== before.campaign;
  const isChanged =
    isElsewhere ||
    fields.display_name.trim() !== before.display_name ||
    (named.vice_head ?? before.vice_head) !== before.vice_head;

  async function attempt(work: () => Promise<string>) {
    setBusy(true);
    setFailure(null);
    setNote(null);
    try {
      setNote(await work());
      onChanged();
    } catch (cause) {
      setFailure(asFailure(cause));
    } finally {
      setBusy(false);
      setResets((value) => value + 1);
    }
  }
  function save(event: Event) {
    event.preventDefault();
    setTried(true);
    if (!isComplete(fields, false) || fields.role === null) return;
    const { display_name, role } = fields;
    void attempt(async () => {
      await changeUser(user.id, { display_name, role, ...namedFields(fields) });
      forgetTyped(form);
      return t("users.saved");
    });
  }
  const setDisabled = (disabled: boolean) =>
    void attempt(async () => {
      await changeUser(user.id, { disabled });
      return t(disabled ? "users.nowDisabled" : "users.nowActive");
    });
  const reset = () =>
    void attempt(async () => {
      setDrawn(await resetPassword(user.id));
      return t("users.resetDone");
    });
  const disabledFault = fieldErrorText(failure, "/disabled");

  return (
    <div class="stack-wide">
      <dl class="facts card">
        <dt>{t("login.username")}</dt>
        <dd>{user.username}</dd>
        <dt>{t("users.state")}</dt>
        <dd>
          <StateOf user={user} />
          {user.disabled_at ? (
            <span class="meta"> {t("users.disabledSince", { day: formatDay(user.disabled_at) })}</span>
          ) : null}
        </dd>
        <dt>{t("users.created")}</dt>
        <dd>{formatDay(user.created_at)}</dd>
      </dl>
      {drawn === null ? null : <OncePassword username={user.username} password={drawn} />}
      {failure && !disabledFault && !isBesideFields(failure, FIELD_POINTERS) ? (
        <FailureNotice failure={failure} />
      ) : null}
      {note === null || drawn !== null ? null : (
        <Notice tone="success" role="status">
          <p>{note}</p>
        </Notice>
      )}
      {reachable.value ? null : (
        <Notice tone="warn">
          <p>{t("desk.needsNetwork")}</p>
        </Notice>
      )}
      <form class="stack" onSubmit={save} noValidate>
        <UserFields fields={fields} onChange={setFields} failure={failure} isNew={false} isTried={isTried} />
        {isElsewhere ? (
          <Notice tone="warn">
            <p>{t(isOneself ? "users.ownRole" : "users.endsSignIns")}</p>
          </Notice>
        ) : null}
        <button
          type="submit"
          class="button button-primary button-wide"
          disabled={isBusy || !isChanged || !reachable.value}
        >
          {isBusy ? t("desk.saving") : t("desk.save")}
        </button>
      </form>
      {user.role === "office" ? <OptionalPart load={loadKeeperSwitch} props={{ user: user.id }} /> : null}
      <section class="stack" aria-labelledby="more-title">
        <h2 id="more-title">{t("users.more")}</h2>
        <ConfirmButton
          key={`reset${resets}`}
          label={t("users.reset")}
          question={t("users.resetSure")}
          onConfirm={reset}
        />
        {user.disabled_at === null ? (
          <ConfirmButton
            key={`disable${resets}`}
            label={t("users.disable")}
            question={t(isOneself ? "users.disableOwn" : "users.disableSure")}
            onConfirm={() => setDisabled(true)}
          />
        ) : (
          <button type="button" class="button" disabled={isBusy || !reachable.value} onClick={() => setDisabled(false)}>
            {t("users.enable")}
          </button>
        )}
        {disabledFault ? (
          <p class="field-error" role="alert">
            {t("users.lastAdmin")}
          </p>
        ) : null}
      </section>
    </div>
  );
}
