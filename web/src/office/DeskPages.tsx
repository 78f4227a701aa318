import { NoticesPage } from "../desk/print/NoticesPage";
import { route } from "../router";
import { NotFoundPage } from "../ui/NotFoundPage";
import { CasesPage } from "./follow/CasesPage";
import { FollowUpPages } from "./follow/FollowUpPages";
import { ListPage } from "./ListPage";
import { MapPage } from "./map/MapPage";
import { MeetingListPage } from "./MeetingListPage";
import { OfficeIssuePage } from "./OfficeIssuePage";
import { QueuePage } from "./QueuePage";
import "./words";
import "../texts/withForms";

/** The office's other pages, fetched after its first one. */
export function DeskPages() {
  const [first, second, third] = route.value.path;
  if (first === "queue") return <QueuePage />;
  if (first === "issues") return second === "print" ? <MeetingListPage /> : <ListPage />;
  if (first === "follow") return <FollowUpPages />;
  if (first === "cases") return <CasesPage />;
  if (first === "map") return <MapPage />;
  if (first === "issue" && second && third === "print") return <NoticesPage key={second} />;
  if (first === "issue" && second) return <OfficeIssuePage key={second} id={second} />;
  return <NotFoundPage />;
}
