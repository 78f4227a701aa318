import { route } from "../router";
import { session } from "../session/session";
import { addTexts } from "../texts";
import { zhUnit } from "../texts/zhUnit";
import { Lazy } from "../ui/Lazy";
import { NoSuchPage } from "../ui/NoSuchPage";
import { IssuePage } from "../answer/IssuePage";
import { UnitIssuePage } from "./UnitIssuePage";
import { AllPage, TodoPage } from "./TodoPage";

addTexts(zhUnit);

const loadMonth = () => import("./MonthPage").then((part) => part.MonthPage);

/** The lists of a unit, and of those who only read. */
export function Readers() {
  const [first, second] = route.value.path;
  const isUnit = session.value?.user.role === "unit";
  if (first === "issue" && second) return <IssuePage key={route.value.path.join()} View={UnitIssuePage} />;
  if (isUnit && (first === undefined || first === "todo")) return <TodoPage />;
  if (isUnit && first === "month") return <Lazy name="month" load={loadMonth} props={{}} />;
  if (first === undefined || first === "all") return <AllPage />;
  return <NoSuchPage />;
}
