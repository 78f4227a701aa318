import { link } from "../../router";
import { may, session } from "../../session/session";
import { t } from "../../texts";
import { Icon } from "../../ui/Icon";
import { Empty, Loading } from "../../ui/Notice";
import { Page } from "../../ui/Page";

interface Section {
  path: string;
  needs: string;
  title: string;
  hint: string;
}

/** What there is to set and to look after, as far as the service lets this person. */
export function sections(): Section[] {
  const all: Section[] = [
    { path: "complaints", needs: "read-complaints", title: t("complaint.title"), hint: t("settings.complaintsHint") },
    { path: "users", needs: "manage-users", title: t("settings.users"), hint: t("settings.usersHint") },
    { path: "units", needs: "manage-reference", title: t("import.units"), hint: t("settings.unitsHint") },
    { path: "points", needs: "manage-reference", title: t("import.points"), hint: t("settings.pointsHint") },
    { path: "items", needs: "manage-reference", title: t("import.items"), hint: t("settings.itemsHint") },
    { path: "duties", needs: "manage-reference", title: t("import.duties"), hint: t("settings.dutiesHint") },
    { path: "calendar", needs: "manage-reference", title: t("import.calendar"), hint: t("settings.calendarHint") },
    { path: "ground", needs: "manage-reference", title: t("settings.ground"), hint: t("settings.groundHint") },
    { path: "packets", needs: "take-packets", title: t("packet.title"), hint: t("packet.hint") },
    {
      path: "limits",
      needs: "read-settings",
      title: t("settings.limits"),
      hint: t(may("manage-settings") ? "settings.limitsHint" : "settings.readOnly"),
    },
    { path: "jobs", needs: "manage-jobs", title: t("settings.jobs"), hint: t("settings.jobsHint") },
    { path: "audit", needs: "read-audit", title: t("settings.audit"), hint: t("settings.auditHint") },
  ];
  return all.filter((section) => may(section.needs));
}

export function HomePage() {
  const found = sections();
  // Administrators have no other home.
  const isHome = !may("read-issue");
  return (
    <Page title={t("settings.title")} {...(isHome ? {} : { back: link("me") })} isWide>
      {found.length > 0 ? (
        <ul class="section-cards">
          {found.map((section) => (
            <li key={section.path}>
              <a class="card row-spread plain" href={link("settings", section.path)}>
                <span class="grow">
                  <span class="list-title">{section.title}</span>
                  <span class="meta">{section.hint}</span>
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
