import { useEffect, useState } from "preact/hooks";
import { asFailure } from "../../api/failure";
import type { Failure } from "../../api/failure";
import { COUNTY_NAME_CHARS_MAX, NAME_CHARS_MAX, USERNAME_CHARS_MAX } from "../../api/limits";
import { createFirstAccount, isSetupNeeded } from "../../api/setup";
import { goInstead, link, route } from "../../router";
import { logIn } from "../../session/session";
import { t } from "../../texts";
import type { TextKey } from "../../texts";
import { FailureNotice, Notice } from "../../ui/Notice";
import { StorageBar } from "../../ui/StorageBar";
import { TextField } from "../../ui/TextField";
import { fieldErrorText, isBesideFields } from "../settings/fieldErrorText";

const EMPTY = { code: "", county_name: "", display_name: "", username: "", password: "", again: "" };
type Field = keyof typeof EMPTY;

/** Creates the first administrator, with the code that the service printed. */
export function FirstAccountPage() {
  const [fields, setFields] = useState({ ...EMPTY, code: route.value.query.get("code") ?? "" });
  const [isTried, setTried] = useState(false);
  const [isBusy, setBusy] = useState(false);
  const [isLate, setLate] = useState(false);
  const [failure, setFailure] = useState<Failure | null>(null);
  useEffect(() => {
    document.title = `${t("setup.first")} · ${t("app.name")}`;
    void isSetupNeeded().then((isNeeded) => setLate(!isNeeded));
  }, []);

  async function submit(event: Event) {
    event.preventDefault();
    setTried(true);
    const { again, ...body } = fields;
    if (Object.values(fields).some((value) => value.trim() === "") || again !== body.password) return;
    setBusy(true);
    setFailure(null);
    try {
      await createFirstAccount(body);
      await logIn(body.username.trim().toLowerCase(), body.password);
      goInstead(link("setup"));
    } catch (cause) {
      const refused = asFailure(cause);
      if (refused.code === "already-set-up") setLate(true);
      setFailure(refused);
    } finally {
      setBusy(false);
    }
  }

  const field = (name: Field, label: TextKey, more: { hint?: TextKey; max?: number; fault?: TextKey } = {}) => {
    const isPassword = name === "password" || name === "again";
    const refused = fieldErrorText(failure, `/${name}`);
    const isCode = name === "code" && failure?.code === "setup-code-rejected";
    return (
      <TextField
        id={name}
        label={t(label)}
        {...(more.hint ? { hint: t(more.hint) } : {})}
        {...(more.max ? { max: more.max } : {})}
        type={isPassword ? "password" : "text"}
        autocomplete={isPassword ? "new-password" : name === "username" ? "username" : "off"}
        value={fields[name]}
        onInput={(value) => setFields({ ...fields, [name]: value })}
        error={
          isTried && fields[name].trim() === ""
            ? t("field.required")
            : isCode
              ? t("setup.codeFault")
              : isTried && name === "again" && fields.again !== fields.password
                ? t("setup.differs")
                : refused === null
                  ? null
                  : t(more.fault ?? "field.malformed")
        }
      />
    );
  };

  return (
    <main class="login stack-wide">
      <StorageBar />
      <header>
        <img class="logo" src="/icon.svg" alt="" width={64} height={64} />
        <h1 class="centre">{t("setup.first")}</h1>
        <p class="meta centre">{t("setup.firstIntro")}</p>
      </header>
      {isLate ? (
        <Notice role="status">
          <p>{t("setup.late")}</p>
          <a class="button button-primary" href={link("login")}>
            {t("setup.toLogin")}
          </a>
        </Notice>
      ) : (
        <form class="stack" onSubmit={(event) => void submit(event)} noValidate>
          {failure &&
          failure.code !== "setup-code-rejected" &&
          !isBesideFields(failure, ["/code", "/county_name", "/display_name", "/username", "/password"]) ? (
            <FailureNotice failure={failure} />
          ) : null}
          {field("code", "setup.code", { hint: "setup.codeHint", max: 20 })}
          {field("county_name", "setup.countyName", { hint: "setup.countyNameHint", max: COUNTY_NAME_CHARS_MAX })}
          {field("display_name", "setup.displayName", { max: NAME_CHARS_MAX })}
          {field("username", "setup.username", {
            hint: "setup.usernameHint",
            max: USERNAME_CHARS_MAX,
            fault: "setup.usernameHint",
          })}
          {field("password", "setup.password", { hint: "setup.passwordHint", fault: "setup.passwordFault" })}
          {field("again", "setup.again")}
          <button type="submit" class="button button-primary button-wide" disabled={isBusy}>
            {isBusy ? t("setup.creating") : t("setup.create")}
          </button>
        </form>
      )}
    </main>
  );
}
