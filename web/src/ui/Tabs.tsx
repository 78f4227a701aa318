import { entries } from "../outbox/drain";
import { isUnsent } from "../outbox/entry";
import { myRole, TABS } from "../roles";
import type { Tab } from "../roles";
import { link, route } from "../router";
import { unread, unreadText } from "../session/unread";
import { t } from "../texts";
import { Icon } from "./Icon";

export function Tabs() {
  const { tabs, isAtDesk, hasUnit } = myRole();
  const [here] = route.value.path;
  const unsent = entries.value.filter(isUnsent);
  const needsCare = unsent.some((entry) => entry.state === "attention");
  /** On the tab itself, or where its page is found. */
  const isOn = (tab: Tab, what: Tab) => tab === what || (tab === "me" && !tabs.includes(what));
  return (
    <nav class={isAtDesk || hasUnit ? "tabs rail" : "tabs"} aria-label={t("nav.main")}>
      <ul>
        {tabs.map((tab, at) => (
          <li key={tab}>
            <a
              href={link(tab)}
              class={tab === "capture" ? "tab-main" : ""}
              aria-current={here === tab || (here === undefined && at === 0) ? "page" : undefined}
            >
              <Icon name={TABS[tab]} />
              <span>{t(`tab.${tab}`)}</span>
              {isOn(tab, "outbox") && unsent.length > 0 ? (
                <span class={`badge ${needsCare ? "badge-danger" : ""}`}>
                  {unsent.length}
                  <span class="visually-hidden">{t("bar.unsentLabel")}</span>
                </span>
              ) : isOn(tab, "notices") && unread.value > 0 ? (
                <span class="badge">
                  {unreadText()}
                  <span class="visually-hidden">{t("bar.unreadLabel")}</span>
                </span>
              ) : null}
            </a>
          </li>
        ))}
      </ul>
    </nav>
  );
}
