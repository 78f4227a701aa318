// Who answers for units, and which county leaders are paired with what: fetched when somebody opens it.
import { PairingsPage } from "./PairingsPage";
import { UnitPage } from "./UnitPage";
import { UnitsPage } from "./UnitsPage";
import { addTexts } from "../../texts";
import { zhCharge } from "../../texts/zh/charge";
import "../settings/settings.css";
import "../settings/words";
import "../../texts/withForms";

addTexts(zhCharge, () => import("../../texts/en/charge").then((part) => part.enCharge));

export function ChargePages({ section, id }: { section: "charge" | "pairings"; id: string | undefined }) {
  if (section === "pairings") return <PairingsPage />;
  return id === undefined ? <UnitsPage /> : <UnitPage key={id} id={id} />;
}
