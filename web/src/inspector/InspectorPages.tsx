import { useEffect } from "preact/hooks";
import { inspectorIssue, point, records, report, visits } from "../parts";
import { goInstead, link, route } from "../router";
import { uuid } from "../session/uuid";
import { addTexts } from "../texts";
import { zhInspector } from "../texts/zh/inspector";
import { Lazy } from "../ui/Lazy";
import { Loading } from "../ui/Notice";
import { NotFoundPage } from "../ui/NotFoundPage";
import { PointsPage } from "./PointsPage";

addTexts(zhInspector);

export function InspectorPages() {
  const [first, second] = route.value.path;
  if (first === undefined || first === "points") return <PointsPage />;
  if (first === "point" && second) return <Lazy of={point} props={{ id: second }} />;
  if (first === "issue" && second) return <Lazy key={route.value.path.join()} of={inspectorIssue} props={{}} />;
  if (first === "records") return <Lazy of={records} props={{}} />;
  if (first === "capture") return <BeginReport />;
  if (first === "report" && second && isUuid(second)) return <Lazy key={second} of={report} props={{ id: second }} />;
  if (first === "visit" && second && isUuid(second)) return <Lazy of={visits} props={{ id: second }} />;
  return <NotFoundPage />;
}

/** Under anything else the service takes no report and no visit. */
const isUuid = (id: string): boolean => /^[\da-f]{8}(-[\da-f]{4}){3}-[\da-f]{12}$/.test(id);

/**
 * A report gets its id in the address first, so that it is found again if the page is killed. A place's printed code
 * opens this address.
 */
function BeginReport() {
  const point = route.value.query.get("point");
  useEffect(() => goInstead(`${link("report", uuid())}${point ? `?point=${encodeURIComponent(point)}` : ""}`), []);
  return <Loading />;
}
