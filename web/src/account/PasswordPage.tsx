import { useState } from "preact/hooks";
import { changePassword } from "../api/password";
import { asFailure } from "../api/failure";
import type { Failure } from "../api/failure";
import { go, link } from "../router";
import { refreshSession, session, setSession, logOut } from "../session/session";
import { t } from "../texts";
import { TextField } from "../ui/Choices";
import { FailureNotice, Notice } from "../ui/Notice";
import { Page } from "../ui/Page";

/** Changes the password. If the password is new or too old, no other page can be opened before. */
export function PasswordPage({ isForced }: { isForced: boolean }) {
  const [old, setOld] = useState("");
  const [next, setNext] = useState("");
  const [again, setAgain] = useState("");
  const [failure, setFailure] = useState<Failure | null>(null);
  const [isTried, setTried] = useState(false);
  const differs = next !== again;

  async function submit(event: Event) {
    event.preventDefault();
    setTried(true);
    if (old === "" || next === "" || differs) return;
    try {
      await changePassword(old, next);
      // First, so that it takes nobody away from where they have gone meanwhile: the rest may take a while.
      go(isForced ? "#/" : link("me"));
      if (session.value) await setSession({ ...session.value, mustChangePassword: false });
      await refreshSession();
    } catch (cause) {
      setFailure(asFailure(cause));
    }
  }

  return (
    <Page title={t("password.title")} {...(isForced ? {} : { back: link("me") })}>
      <form class="stack" onSubmit={(event) => void submit(event)} noValidate>
        {isForced ? (
          <Notice tone="warn">
            <p>{t("password.forced")}</p>
          </Notice>
        ) : null}
        {failure ? <FailureNotice failure={failure} /> : null}
        <input
          class="visually-hidden"
          type="text"
          autoComplete="username"
          value={session.value?.user.username ?? ""}
          readOnly
          tabIndex={-1}
          aria-hidden="true"
        />
        <TextField
          id="old"
          type="password"
          label={t("password.old")}
          value={old}
          onInput={setOld}
          autocomplete="current-password"
          error={isTried && old === "" ? t("field.required") : null}
        />
        <TextField
          id="new"
          type="password"
          label={t("password.new")}
          hint={t("password.rule")}
          value={next}
          onInput={setNext}
          autocomplete="new-password"
          error={isTried && next === "" ? t("field.required") : null}
        />
        <TextField
          id="again"
          type="password"
          label={t("password.again")}
          value={again}
          onInput={setAgain}
          autocomplete="new-password"
          error={isTried && differs ? t("password.differs") : null}
        />
        <button type="submit" class="button button-primary button-wide">
          {t("password.save")}
        </button>
        {isForced ? (
          <button type="button" class="button button-wide" onClick={() => void logOut()}>
            {t("me.logOut")}
          </button>
        ) : null}
      </form>
    </Page>
  );
}
