import { t } from "../../texts";
import { Notice } from "../../ui/Notice";
import { CopyButton } from "./CopyButton";

/** A generated password: shown now and never again. */
export function OncePassword({ username, password }: { username: string; password: string }) {
  const words = () => t("once.message", { address: location.origin, username, password });
  return (
    <Notice tone="success" role="status">
      <p>
        <strong>{t("once.title")}</strong>
      </p>
      <dl class="facts">
        <dt>{t("login.username")}</dt>
        <dd>
          <code>{username}</code>
        </dd>
        <dt>{t("once.password")}</dt>
        <dd>
          <code class="once">{password}</code>
        </dd>
      </dl>
      <p>{t("once.hint")}</p>
      <div class="wrap">
        <CopyButton label={t("once.copy")} text={() => password} />
        <CopyButton label={t("once.copyAll")} text={words} />
      </div>
    </Notice>
  );
}
