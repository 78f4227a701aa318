import { useState } from "preact/hooks";
import { useDrafts } from "../inspector/UnfinishedDrafts";
import { entries } from "../outbox/drain";
import { isUnsent } from "../outbox/entry";
import { network } from "../outbox/wifi";
import { myRole } from "../roles";
import type { Tab } from "../roles";
import { link } from "../router";
import { referenceAt, reference, refreshReference } from "../session/reference";
import { isWifiOnly, savePreferences, textSize, theme } from "../session/preferences";
import type { TextSize, Theme } from "../session/preferences";
import { leaving } from "../session/leaving";
import { may, session, logOut } from "../session/session";
import { badgeText, unread } from "../session/unread";
import { language, localName, setLanguage, t } from "../texts";
import type { Language } from "../texts";
import { formatMoment } from "../time/moment";
import { Choices } from "../ui/Choices";
import { Icon } from "../ui/Icon";
import { Notice } from "../ui/Notice";
import { Page } from "../ui/Page";

const SIZES: TextSize[] = ["m", "l", "xl"];
const THEMES: Theme[] = ["system", "light", "dark"];

export function MePage() {
  const [isAsking, setAsking] = useState(false);
  /** Whether some of what was to be sent before leaving could not be. */
  const [isLeft, setLeft] = useState(false);
  const { Question } = leaving;
  const [note, setNote] = useState<string | null>(null);
  const [drafts] = useDrafts();
  const user = session.value?.user;
  const unsent = entries.value.filter(isUnsent).length;
  if (!user) return null;
  async function leave() {
    const left = (await leaving.deliver?.()) ?? 0;
    setLeft(left > 0);
    if (left === 0) await logOut();
  }
  const campaign = localName(reference.value?.campaigns.find((one) => one.code === user.campaign));
  return (
    <Page title={t("tab.me")}>
      <div class="stack-wide">
        <div class="card">
          <p class="list-title">{user.display_name}</p>
          <p class="meta">
            {t(`role.${user.role}`)}
            {session.value?.unit ? ` · ${session.value.unit.name}` : ""}
            {campaign ? ` · ${campaign}` : ""} · {user.username}
          </p>
        </div>
        <Apart />
        <Choices
          name="size"
          legend={t("me.size")}
          layout="choices-even"
          value={textSize.value}
          onChange={(size) => {
            textSize.value = size;
          }}
          options={SIZES.map((value) => ({ value, label: t(`me.size.${value}`) }))}
        />
        <Choices
          name="theme"
          legend={t("me.theme")}
          layout="choices-even"
          value={theme.value}
          onChange={(next) => {
            theme.value = next;
          }}
          options={THEMES.map((value) => ({ value, label: t(`me.theme.${value}`) }))}
        />
        <Choices<Language>
          name="language"
          legend={t("me.language")}
          layout="choices-even"
          value={language.value}
          onChange={(next) => void setLanguage(next).then(savePreferences)}
          options={[
            { value: "zh-CN", label: <span lang="zh-CN">{t("me.zh")}</span> },
            { value: "en", label: <span lang="en">{t("me.en")}</span> },
          ]}
        />
        {myRole().isFinder ? (
          <div class="stack-tight">
            <Choices
              name="wifi"
              legend={t("me.originals")}
              layout="choices-even"
              value={isWifiOnly.value ? "wifi" : "any"}
              onChange={(value) => {
                isWifiOnly.value = value === "wifi";
              }}
              options={[
                { value: "any", label: t("me.originals.any") },
                { value: "wifi", label: t("me.originals.wifi") },
              ]}
            />
            <p class="meta">{t(network.value === "unknown" ? "me.originalsUnknown" : "me.originalsHint")}</p>
          </div>
        ) : null}
        <ul class="list">
          <li>
            <a class="list-row" href={link("doctor")}>
              <span class="grow">{t("doctor.title")}</span>
              <Icon name="next" />
            </a>
          </li>
          <li>
            <a class="list-row" href={link("install")}>
              <span class="grow">{t("install.title")}</span>
              <Icon name="next" />
            </a>
          </li>
          <li>
            <a class="list-row" href={link("sessions")}>
              <span class="grow">{t("sessions.title")}</span>
              <Icon name="next" />
            </a>
          </li>
          <li>
            <a class="list-row" href={link("password")}>
              <span class="grow">{t("password.title")}</span>
              <Icon name="next" />
            </a>
          </li>
          {["read-settings", "manage-reference", "read-audit", "manage-users", "read-complaints"].some(may) ? (
            <li>
              <a class="list-row" href={link("settings")}>
                <span class="grow">{t("me.settings")}</span>
                <Icon name="next" />
              </a>
            </li>
          ) : null}
          <li>
            <button
              type="button"
              class="list-row"
              onClick={() => {
                refreshReference().then(
                  () => setNote(t("me.refreshed")),
                  () => setNote(t("problem.offline")),
                );
              }}
            >
              <span class="grow">
                {t("me.package")}
                <br />
                <span class="meta">
                  {reference.value
                    ? t("me.packageFacts", {
                        points: reference.value.points.length,
                        items: reference.value.items.length,
                      })
                    : t("points.neverLoaded")}
                  {referenceAt.value ? ` · ${formatMoment(referenceAt.value)}` : ""}
                </span>
              </span>
              <span class="meta">{t("action.refresh")}</span>
            </button>
          </li>
        </ul>
        {note ? <p role="status">{note}</p> : null}
        {isLeft && Question ? (
          <Question onLeave={() => void logOut()} onStay={() => setLeft(false)} />
        ) : isAsking ? (
          <Notice tone="warn" role="alert">
            {drafts.length > 0 ? <p>{t("me.logOutDrafts", { count: drafts.length })}</p> : null}
            <p>{unsent > 0 ? t("me.logOutUnsent", { count: unsent }) : t("me.logOutSure")}</p>
            <div class="wrap">
              <button type="button" class="button button-danger" onClick={() => void leave()}>
                {t("me.logOut")}
              </button>
              <button type="button" class="button" onClick={() => setAsking(false)}>
                {t("action.cancel")}
              </button>
            </div>
          </Notice>
        ) : (
          <button type="button" class="button button-danger" onClick={() => setAsking(true)}>
            {t("me.logOut")}
          </button>
        )}
      </div>
    </Page>
  );
}

/** Ways to what is counted on this page's tab, because it has none of its own. */
function Apart() {
  const role = myRole();
  const unsent = entries.value.filter(isUnsent).length;
  const rows: [tab: Tab, isShown: boolean, count: string][] = [
    ["notices", may("read-notices"), unread.value > 0 ? `${badgeText(unread.value)}${t("bar.unreadLabel")}` : ""],
    ["outbox", role.hasUnit || unsent > 0, unsent > 0 ? `${unsent}${t("bar.unsentLabel")}` : ""],
  ];
  const shown = rows.filter(([tab, isShown]) => isShown && !role.tabs.includes(tab));
  return shown.length === 0 ? null : (
    <ul class="list">
      {shown.map(([tab, , count]) => (
        <li key={tab}>
          <a class="list-row" href={link(tab)}>
            <span class="grow">{t(`tab.${tab}`)}</span>
            {count ? <span class="chip tone-warn">{count}</span> : null}
            <Icon name="next" />
          </a>
        </li>
      ))}
    </ul>
  );
}
