import { useState } from "preact/hooks";
import { createUser } from "../../api/users";
import { asFailure } from "../../api/failure";
import type { Failure } from "../../api/failure";
import { reachable } from "../../api/request";
import { link } from "../../router";
import { t } from "../../texts";
import { FailureNotice, Notice } from "../../ui/Notice";
import { Page } from "../../ui/Page";
import { isBesideFields } from "./fieldErrorText";
import { OncePassword } from "./OncePassword";
import { FIELD_POINTERS, isComplete, namedFields, UserFields } from "./UserForm";
import type { Fields } from "./UserForm";
import { forgetTyped, useTyped } from "../../ui/useTyped";

const NOTHING: Fields = { username: "", display_name: "", role: null, unit_id: "", campaign: "", vice_head: false };

/** A new account, and its first password. */
export function NewUserPage() {
  const [fields, setFields] = useTyped("user/new", "fields", NOTHING);
  const [isTried, setTried] = useState(false);
  const [isBusy, setBusy] = useState(false);
  const [failure, setFailure] = useState<Failure | null>(null);
  const [made, setMade] = useState<{ username: string; password: string } | null>(null);

  async function submit(event: Event) {
    event.preventDefault();
    setTried(true);
    if (!isComplete(fields, true) || fields.role === null) return;
    setBusy(true);
    setFailure(null);
    try {
      const { username, display_name, role } = fields;
      const answer = await createUser({
        username,
        display_name,
        role,
        ...namedFields(fields),
      });
      setMade({ username: answer.user.username, password: answer.password ?? "" });
      setFields(NOTHING);
      forgetTyped("user/new");
      setTried(false);
    } catch (cause) {
      setFailure(asFailure(cause));
    } finally {
      setBusy(false);
    }
  }

  return (
    <Page title={t("users.add")} back={link("settings", "users")}>
      {made ? (
        <div class="stack">
          <OncePassword {...made} />
          <div class="wrap">
            <button type="button" class="button button-primary" onClick={() => setMade(null)}>
              {t("users.another")}
            </button>
            <a class="button" href={link("settings", "users")}>
              {t("users.toList")}
            </a>
          </div>
        </div>
      ) : (
        <form class="stack" onSubmit={(event) => void submit(event)} noValidate>
          {failure && failure.code !== "already-exists" && !isBesideFields(failure, FIELD_POINTERS) ? (
            <FailureNotice failure={failure} />
          ) : null}
          <UserFields fields={fields} onChange={setFields} failure={failure} isNew isTried={isTried} />
          <p class="meta">{t("users.passwordDrawn")}</p>
          {reachable.value ? null : (
            <Notice tone="warn">
              <p>{t("desk.needsNetwork")}</p>
            </Notice>
          )}
          <button type="submit" class="button button-primary button-wide" disabled={isBusy || !reachable.value}>
            {isBusy ? t("desk.saving") : t("users.create")}
          </button>
        </form>
      )}
    </Page>
  );
}
