// What an inspector has of visits, in one part of the app: their tasks on the first page, the form, what was saved.
import { route } from "../router";
import { addTexts } from "../texts";
import { zhVisits } from "../texts/zh/visits";
import { VisitDonePage } from "./VisitDonePage";
import { VisitPage } from "./VisitPage";
import { VisitTasks } from "./VisitTasks";
import "../texts/withForms";

addTexts(zhVisits);

/** The visit with this id: its form, or what was saved of it. Without one, the tasks of the first page. */
export function VisitPages({ id }: { id?: string }) {
  if (id === undefined) return <VisitTasks />;
  return route.value.query.has("done") ? <VisitDonePage id={id} /> : <VisitPage key={id} id={id} />;
}
