import { keysOf } from "../../keysOf";
import { link } from "../../router";
import { may, session } from "../../session/session";
import { t } from "../../texts";
import type { TextKey } from "../../texts";
import { Icon } from "../../ui/Icon";
import { Empty, Loading } from "../../ui/Notice";
import { Page } from "../../ui/Page";
import { SetupNotice } from "../SetupNotice";

export type SectionPath =
  | "complaints"
  | "users"
  | "units"
  | "charge"
  | "pairings"
  | "points"
  | "unlisted"
  | "items"
  | "duties"
  | "calendar"
  | "ground"
  | "packets"
  | "limits"
  | "jobs"
  | "audit";
interface Section {
  /** The permission without which the section is not shown. */
  needs: string;
  title: TextKey;
  hint: TextKey;
}

const SECTIONS: Record<SectionPath, Section> = {
  complaints: { needs: "read-complaints", title: "complaint.title", hint: "settings.complaintsHint" },
  users: { needs: "manage-users", title: "settings.users", hint: "settings.usersHint" },
  units: { needs: "manage-reference", title: "import.units", hint: "settings.unitsHint" },
  charge: { needs: "manage-point-heads", title: "settings.charge", hint: "settings.chargeHint" },
  pairings: { needs: "manage-point-heads", title: "settings.pairings", hint: "settings.pairingsHint" },
  points: { needs: "manage-reference", title: "import.points", hint: "settings.pointsHint" },
  unlisted: { needs: "settle-places", title: "unlisted.title", hint: "unlisted.hint" },
  items: { needs: "manage-reference", title: "import.items", hint: "settings.itemsHint" },
  duties: { needs: "manage-reference", title: "import.duties", hint: "settings.dutiesHint" },
  calendar: { needs: "manage-reference", title: "import.calendar", hint: "settings.calendarHint" },
  ground: { needs: "manage-reference", title: "settings.ground", hint: "settings.groundHint" },
  packets: { needs: "take-packets", title: "packet.title", hint: "packet.hint" },
  limits: { needs: "read-settings", title: "settings.limits", hint: "settings.limitsHint" },
  jobs: { needs: "manage-jobs", title: "settings.jobs", hint: "settings.jobsHint" },
  audit: { needs: "read-audit", title: "settings.audit", hint: "settings.auditHint" },
};

/** The sections that the service lets this person use. */
export const sections = (): SectionPath[] => keysOf(SECTIONS).filter((path) => may(SECTIONS[path].needs));

function hintOf(path: SectionPath): string {
  return t(path === "limits" && !may("manage-settings") ? "settings.readOnly" : SECTIONS[path].hint);
}

export function HomePage() {
  const found = sections();
  // Administrators have no other home.
  const isHome = !may("read-issue");
  return (
    <Page title={t("settings.title")} {...(isHome ? {} : { back: link("me") })} isWide>
      {isHome && may("manage-reference") ? (
        <div class="stack setup-notice">
          <SetupNotice />
        </div>
      ) : null}
      {found.length > 0 ? (
        <ul class="section-cards">
          {found.map((path) => (
            <li key={path}>
              <a class="card row-spread plain" href={link("settings", path)}>
                <span class="grow">
                  <span class="list-title">{t(SECTIONS[path].title)}</span>
                  <span class="meta">{hintOf(path)}</span>
                </span>
                <Icon name="next" />
              </a>
            </li>
          ))}
        </ul>
      ) : (session.value?.permissions ?? []).length === 0 ? (
        <Loading />
      ) : (
        <Empty>{t("settings.none")}</Empty>
      )}
    </Page>
  );
}
