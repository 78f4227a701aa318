import type { Role } from "../api/types";
import { entries } from "../outbox/drain";
import { isUnsent } from "../outbox/entry";
import { link, route } from "../router";
import { session } from "../session/session";
import { t } from "../texts";
import type { TextKey } from "../texts";
import { Icon } from "./Icon";
import type { IconName } from "./Icon";

interface Tab {
  path: string;
  icon: IconName;
  label: TextKey;
  isMain?: boolean;
}

const INSPECTOR: Tab[] = [
  { path: "points", icon: "pin", label: "tab.points" },
  { path: "records", icon: "list", label: "tab.records" },
  { path: "capture", icon: "camera", label: "tab.capture", isMain: true },
  { path: "outbox", icon: "up", label: "tab.outbox" },
  { path: "me", icon: "person", label: "tab.me" },
];
const UNIT: Tab[] = [
  { path: "todo", icon: "todo", label: "tab.todo" },
  { path: "all", icon: "list", label: "tab.all" },
  { path: "outbox", icon: "up", label: "tab.outbox" },
  { path: "me", icon: "person", label: "tab.me" },
];
const OFFICE: Tab[] = [
  { path: "overview", icon: "home", label: "tab.overview" },
  { path: "queue", icon: "todo", label: "tab.queue" },
  { path: "issues", icon: "list", label: "tab.issues" },
  { path: "map", icon: "map", label: "tab.map" },
  { path: "me", icon: "person", label: "tab.me" },
];
const ADMIN: Tab[] = [
  { path: "settings", icon: "gear", label: "tab.settings" },
  { path: "me", icon: "person", label: "tab.me" },
];
const OTHERS: Tab[] = [
  { path: "all", icon: "list", label: "tab.all" },
  { path: "me", icon: "person", label: "tab.me" },
];

/** Who sits at a desk: on a wide screen the tabs stand beside the page, and every page has them. */
export const isDesk = (role: Role | undefined): boolean =>
  role === "office" || role === "admin" || role === "discipline";

export function Tabs() {
  const role = session.value?.user.role;
  const tabs =
    role === "inspector"
      ? INSPECTOR
      : role === "unit"
        ? UNIT
        : role === "office"
          ? OFFICE
          : role === "admin"
            ? ADMIN
            : OTHERS;
  const [here] = route.value.path;
  const unsent = entries.value.filter(isUnsent);
  const needsCare = unsent.some((entry) => entry.state === "attention");
  return (
    <nav class={isDesk(role) ? "tabs rail" : "tabs"} aria-label={t("nav.main")}>
      <ul>
        {tabs.map((tab, at) => (
          <li key={tab.path}>
            <a
              href={link(tab.path)}
              class={tab.isMain ? "tab-main" : ""}
              aria-current={here === tab.path || (here === undefined && at === 0) ? "page" : undefined}
            >
              <Icon name={tab.icon} />
              <span>{t(tab.label)}</span>
              {tab.path === "outbox" && unsent.length > 0 ? (
                <span class={`badge ${needsCare ? "badge-danger" : ""}`}>
                  {unsent.length}
                  <span class="hush">{t("bar.unsentHush")}</span>
                </span>
              ) : null}
            </a>
          </li>
        ))}
      </ul>
    </nav>
  );
}
