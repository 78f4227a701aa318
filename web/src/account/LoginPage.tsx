import { useEffect, useState } from "preact/hooks";
import { asFailure } from "../api/failure";
import type { Failure } from "../api/failure";
import { get } from "../api/request";
import type { Schemas } from "../api/types";
import { cameFrom, goInstead, link, route } from "../router";
import { session, logIn } from "../session/session";
import { language, setLanguage, t } from "../texts";
import { savePreferences, textSize } from "../session/preferences";
import { TextField } from "../ui/TextField";
import { FailureNotice, Notice } from "../ui/Notice";
import { StorageBar } from "../ui/StorageBar";

export function LoginPage() {
  const [name, setName] = useState(session.value?.user.username ?? "");
  const [password, setPassword] = useState("");
  const [isShown, setShown] = useState(false);
  const [isBusy, setBusy] = useState(false);
  const [failure, setFailure] = useState<Failure | null>(null);
  const [isIncomplete, setIncomplete] = useState(false);
  useEffect(() => {
    // Without any account the first one is created, not asked for.
    get<Schemas["SetupView"]>("/setup").then(({ body }) => body.needed && goInstead("#/setup"), Boolean);
  }, []);

  async function submit(event: Event) {
    event.preventDefault();
    setIncomplete(name === "" || password === "");
    if (name === "" || password === "") return;
    setBusy(true);
    setFailure(null);
    try {
      const before = session.value?.user.id;
      await logIn(name.trim(), password);
      // The login page leads back to where the same person was; a login form shown instead of a page becomes that page.
      const isSame = session.value?.user.id === before;
      if (route.value.path[0] === "login") goInstead((isSame && cameFrom()) || "#/");
    } catch (cause) {
      setFailure(asFailure(cause));
    } finally {
      setBusy(false);
    }
  }

  return (
    <main class="login stack-wide">
      <StorageBar />
      <header>
        <img class="logo" src="/icon.svg" alt="" width={64} height={64} />
        <h1 class="centre">{t("app.name")}</h1>
        <p class="meta centre">{t("app.subtitle")}</p>
      </header>
      <form class="stack" onSubmit={(event) => void submit(event)} noValidate>
        {session.value ? (
          <Notice role="status">
            <p>{t("login.samePerson", { name: session.value.user.display_name })}</p>
          </Notice>
        ) : null}
        {failure ? <FailureNotice failure={failure} /> : null}
        <TextField
          id="username"
          label={t("login.username")}
          value={name}
          onInput={setName}
          autocomplete="username"
          error={isIncomplete && name === "" ? t("field.required") : null}
        />
        <TextField
          id="password"
          type={isShown ? "text" : "password"}
          label={t("login.password")}
          value={password}
          onInput={setPassword}
          autocomplete="current-password"
          error={isIncomplete && password === "" ? t("field.required") : null}
        />
        <label class="tick">
          <input type="checkbox" checked={isShown} onChange={(event) => setShown(event.currentTarget.checked)} />
          {t("login.show")}
        </label>
        <button type="submit" class="button button-primary button-wide" disabled={isBusy}>
          {isBusy ? t("login.busy") : t("login.title")}
        </button>
      </form>
      <div class="wrap centre-wrap">
        <button
          type="button"
          class="button button-plain"
          onClick={() => {
            textSize.value = textSize.value === "m" ? "l" : "m";
          }}
        >
          {t(textSize.value === "m" ? "me.elderOn" : "me.elderOff")}
        </button>
        <button
          type="button"
          class="button button-plain"
          lang={language.value === "en" ? "zh-CN" : "en"}
          onClick={() => void setLanguage(language.value === "en" ? "zh-CN" : "en").then(savePreferences)}
        >
          {t("me.otherLanguage")}
        </button>
        <a class="button button-plain" href={link("doctor")}>
          {t("doctor.title")}
        </a>
        <a class="button button-plain" href={link("complaint")}>
          {t("complaint.title")}
        </a>
      </div>
    </main>
  );
}
