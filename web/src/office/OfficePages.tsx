import { route } from "../router";
import { addTexts } from "../texts";
import { zhOffice } from "../texts/zh/office";
import { NotFoundPage } from "../ui/NotFoundPage";
import { Keys } from "./KeysHelp";
import { ListPage } from "./ListPage";
import { MapPage } from "./map/MapPage";
import { OfficeIssuePage } from "./OfficeIssuePage";
import { OverviewPage } from "./OverviewPage";
import { QueuePage } from "./QueuePage";
import "./office.css";
import "../texts/withForms";

addTexts(zhOffice, () => import("../texts/en/office").then((part) => part.enOffice));

/** The pages of the supervision office, fetched when somebody of the office logs in. */
export function OfficePages() {
  return (
    <>
      <Screen />
      <Keys />
    </>
  );
}

function Screen() {
  const [first, second] = route.value.path;
  if (first === undefined || first === "overview") return <OverviewPage />;
  if (first === "queue") return <QueuePage />;
  if (first === "issues") return <ListPage />;
  if (first === "map") return <MapPage />;
  if (first === "issue" && second) return <OfficeIssuePage key={second} id={second} />;
  return <NotFoundPage />;
}
