import { render } from "preact";
import * as parts from "../parts";
import { route } from "../router";
import { Lazy } from "../ui/Lazy";
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
      {first === undefined || first === "overview" ? (
        <OverviewPage />
      ) : (
        <Lazy of={first === "plans" ? parts.plans : first === "months" ? parts.months : parts.desk} props={{}} />
      )}
      <Keys />
    </>
  );
}

// Over every page, also those that are not the office's: drawn beside the app, whose start need not know of it.
render(<HeldBar />, document.body.appendChild(document.createElement("div")));
