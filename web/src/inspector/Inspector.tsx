import { useEffect } from "preact/hooks";
import { goInstead, link, route } from "../router";
import { uuid } from "../session/uuid";
import { Lazy } from "../ui/Lazy";
import { Loading } from "../ui/Notice";
import { NoSuchPage } from "../ui/NoSuchPage";
import { IssuePage } from "../answer/IssuePage";
import { InspectorIssuePage } from "./InspectorIssuePage";
import { loadPoint, loadRecords } from "./load";
import { PointsPage } from "./PointsPage";
import { ReportPage } from "./ReportPage";

export function Inspector() {
  const [first, second] = route.value.path;
  if (first === undefined || first === "points") return <PointsPage />;
  if (first === "point" && second) return <Lazy name="point" load={loadPoint} props={{ id: second }} />;
  if (first === "issue" && second) return <IssuePage key={route.value.path.join()} View={InspectorIssuePage} />;
  if (first === "records") return <Lazy name="records" load={loadRecords} props={{}} />;
  if (first === "capture") return <BeginReport />;
  if (first === "report" && second) return <ReportPage key={second} id={second} />;
  return <NoSuchPage />;
}

/** A report needs its own id before it needs anything else, so that a killed page finds it again. The address with a place is what its code says. */
function BeginReport() {
  const point = route.value.query.get("point");
  useEffect(() => goInstead(`${link("report", uuid())}${point ? `?point=${encodeURIComponent(point)}` : ""}`), []);
  return <Loading />;
}
