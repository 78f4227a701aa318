import { render } from "preact";
import * as parts from "../parts";
import { route } from "../router";
import { Lazy } from "../ui/Lazy";
import { batches } from "./batches/part";
import { HeldBar } from "./HeldBar";
import { Keys } from "./KeysHelp";
import { OverviewPage } from "./OverviewPage";
import "./waitingCount";
import "./office.css";
import "./words";
import "../texts/withForms";

/** The pages of the supervision office, fetched when somebody of the office logs in; the first is a separate file. */
export function OfficePages() {
  const [first] = route.value.path;
  return (
    <>
      {first === undefined || first === "overview" ? <OverviewPage /> : <Lazy of={partOf(first)} props={{}} />}
      <Keys />
    </>
  );
}

function partOf(first: string) {
  if (first === "plans") return parts.plans;
  if (first === "months") return parts.months;
  if (first === "batches" || first === "draws" || first === "visits") return batches;
  return parts.desk;
}

// Over every page, also those that are not the office's: drawn beside the app, whose start need not know of it.
render(<HeldBar />, document.body.appendChild(document.createElement("div")));
