import type { JSX } from "preact";
import type { ImportKind } from "../../api/sheets";
import { route } from "../../router";
import { Lazy } from "../../ui/Lazy";
import { part } from "../../ui/part";
import { Keys } from "../KeysHelp";
import { AuditPage } from "./AuditPage";
import { CalendarPage } from "./CalendarPage";
import { ComplaintsPage } from "./ComplaintsPage";
import { DutiesPage } from "./DutiesPage";
import { GroundPage } from "./GroundPage";
import { HomePage, sections } from "./HomePage";
import type { SectionPath } from "./HomePage";
import { ImportPage } from "./ImportPage";
import { JobsPage } from "./JobsPage";
import { LimitsPage } from "./LimitsPage";
import { NewUserPage } from "./NewUserPage";
import { PacketsPage } from "./PacketsPage";
import { PlaceCodesPage } from "./PlaceCodesPage";
import { ItemsPage, PointsListPage, UnitsPage } from "./ReferencePages";
import { UnlistedPage } from "./UnlistedPage";
import { UserPage } from "./UserPage";
import { UsersPage } from "./UsersPage";
import "../office.css";
import "../words";
import "./settings.css";
import "./words";
import "../../texts/withForms";

/** The first day of a county, from before there is an account. */
const setup = part(() => import("../setup/SetupPages").then((module) => module.SetupPages));

/** Who answers for units, and pairings of county leaders. */
const charge = part(() => import("../charge/ChargePages").then((module) => module.ChargePages));

/** Pages to set the service and look after it; fetched when somebody opens one. */
export function SettingsPages() {
  return (
    <>
      {route.value.path[0] === "setup" ? <Lazy of={setup} props={{}} /> : <Screen />}
      <Keys />
    </>
  );
}

/** The pages of each section; `id` is what the address says after its name. */
const PAGES: Record<SectionPath, (id: string | undefined) => JSX.Element> = {
  complaints: () => <ComplaintsPage />,
  users: (id) => (id === undefined ? <UsersPage /> : id === "new" ? <NewUserPage /> : <UserPage key={id} id={id} />),
  units: () => <UnitsPage />,
  charge: (id) => <Lazy of={charge} props={{ section: "charge", id }} />,
  pairings: (id) => <Lazy of={charge} props={{ section: "pairings", id }} />,
  points: (id) => (id === "codes" ? <PlaceCodesPage /> : <PointsListPage />),
  unlisted: () => <UnlistedPage />,
  items: () => <ItemsPage />,
  duties: () => <DutiesPage />,
  calendar: () => <CalendarPage />,
  ground: () => <GroundPage />,
  packets: () => <PacketsPage />,
  limits: () => <LimitsPage />,
  jobs: () => <JobsPage />,
  audit: () => <AuditPage />,
};

function Screen() {
  const [first, second, id] = route.value.path;
  // Some have a section as a tab of their own.
  const section = first === "settings" ? second : first;
  const asked = section === "import" ? id : section;
  const found = sections().find((path) => path === asked);
  if (found === undefined) return <HomePage />;
  return section === "import" ? <ImportPage key={id} kind={id as ImportKind} /> : PAGES[found](id);
}
