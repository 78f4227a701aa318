import { route } from "../../router";
import { session } from "../../session/session";
import { addTexts } from "../../texts";
import { zhSetup } from "../../texts/zh/setup";
import { CampaignsPage } from "./CampaignsPage";
import { ChecklistPage } from "./ChecklistPage";
import { CountyPage } from "./CountyPage";
import { FirstAccountPage } from "./FirstAccountPage";
import { PointFormPage } from "./PointFormPage";
import { UnitFormPage } from "./UnitFormPage";
import "../office.css";
import "../words";
import "../../texts/withForms";
import "./setup.css";

addTexts(zhSetup, () => import("../../texts/en/setup").then((part) => part.enSetup));

/** The first day of a county: the first account, then the checklist; fetched when somebody opens it. */
export function SetupPages() {
  const [, page, id] = route.value.path;
  if (!session.value) return <FirstAccountPage />;
  if (page === "county") return <CountyPage />;
  if (page === "campaigns") return <CampaignsPage />;
  if (page === "unit") return <UnitFormPage key={id} id={id === "new" ? null : (id ?? null)} />;
  if (page === "point") return <PointFormPage key={id} id={id === "new" ? null : (id ?? null)} />;
  return <ChecklistPage />;
}
