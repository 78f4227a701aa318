import * as calls from "../api/calls";
import type { Settings } from "../api/types";
import { link } from "../router";
import { t } from "../texts";
import type { TextKey } from "../texts";
import { useKept } from "../ui/kept";
import { Fetched } from "../ui/Notice";
import { Page } from "../ui/Page";

/** What the administrator has set, for the office to read. */
export function SettingsPage() {
  const settings = useKept<Settings>("settings", () => calls.readSettings());
  return (
    <Page title={t("settings.title")} back={link("me")}>
      <div class="stack">
        <p class="meta">{t("settings.readOnly")}</p>
        <Fetched of={settings}>
          {(body) => (
            <dl class="facts card">
              {Object.entries(body).map(([name, value]) => (
                <>
                  <dt>{t(`settings.${name}` as TextKey) || name}</dt>
                  <dd>{typeof value === "string" ? t(`settings.value.${value}` as TextKey) || value : String(value)}</dd>
                </>
              ))}
            </dl>
          )}
        </Fetched>
      </div>
    </Page>
  );
}
