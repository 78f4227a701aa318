import type { ImportKind } from "../../api/officeCalls";
import { route } from "../../router";
import { addTexts } from "../../texts";
import { zhOffice } from "../../texts/zhOffice";
import { zhSettings } from "../../texts/zhSettings";
import { Keys } from "../KeysHelp";
import { NoSuchPage } from "../../ui/NoSuchPage";
import { AuditPage } from "./AuditPage";
import { CalendarPage } from "./CalendarPage";
import { ComplaintsPage } from "./ComplaintsPage";
import { DutiesPage } from "./DutiesPage";
import { GroundPage } from "./GroundPage";
import { HomePage, sections } from "./HomePage";
import { ImportPage } from "./ImportPage";
import { JobsPage } from "./JobsPage";
import { LimitsPage } from "./LimitsPage";
import { NewUserPage } from "./NewUserPage";
import { PacketsPage } from "./PacketsPage";
import { PlaceCodesPage } from "./PlaceCodesPage";
import { ItemsPage, PointsListPage, UnitsPage } from "./ReferencePages";
import { UserPage } from "./UserPage";
import { UsersPage } from "./UsersPage";
import "../office.css";
import "./settings.css";
import "../../texts/withForms";

addTexts(zhOffice);
addTexts(zhSettings, () => import("../../texts/enOfficeSettings").then((part) => part.enOfficeSettings));

/** Pages to set the service and look after it; fetched when somebody opens one. */
export function OfficeSettings() {
  return (
    <>
      <Screen />
      <Keys />
    </>
  );
}

function Screen() {
  const [, section, id] = route.value.path;
  const asked = section === "import" ? id : section;
  if (section === undefined || !sections().some((one) => one.path === asked)) return <HomePage />;
  if (section === "import" && id) return <ImportPage key={id} kind={id as ImportKind} />;
  if (section === "users")
    return id === undefined ? <UsersPage /> : id === "new" ? <NewUserPage /> : <UserPage key={id} id={id} />;
  if (section === "units") return <UnitsPage />;
  if (section === "points") return id === "codes" ? <PlaceCodesPage /> : <PointsListPage />;
  if (section === "items") return <ItemsPage />;
  if (section === "duties") return <DutiesPage />;
  if (section === "calendar") return <CalendarPage />;
  if (section === "ground") return <GroundPage />;
  if (section === "limits") return <LimitsPage />;
  if (section === "complaints") return <ComplaintsPage />;
  if (section === "packets") return <PacketsPage />;
  if (section === "jobs") return <JobsPage />;
  if (section === "audit") return <AuditPage />;
  return <NoSuchPage />;
}
