import { entries } from "../outbox/drain";
import { isUnsent } from "../outbox/entry";
import { myRole, TABS } from "../roles";
import type { Tab } from "../roles";
import { link, route } from "../router";
import { badgeText, unread, waiting } from "../session/unread";
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
                <Badge count={unsent.length} label={t("bar.unsentLabel")} isUrgent={needsCare} />
              ) : isOn(tab, "notices") && unread.value > 0 ? (
                <Badge count={unread.value} label={t("bar.unreadLabel")} />
              ) : tab === "queue" && waiting.value > 0 ? (
                <Badge count={waiting.value} label={t("tab.queue")} />
              ) : null}
            </a>
          </li>
        ))}
      </ul>
    </nav>
  );
}

function Badge({ count, label, isUrgent }: { count: number; label: string; isUrgent?: boolean }) {
  return (
    <span class={`badge ${isUrgent ? "badge-danger" : ""}`}>
      {badgeText(count)}
      <span class="visually-hidden">{label}</span>
    </span>
  );
}
