import { month, months, unitCards, unitDesk, unitIssue } from "../parts";
import { route } from "../router";
import { addTexts } from "../texts";
import { zhUnit } from "../texts/zh/unit";
import { isWide } from "../ui/isWide";
import { Lazy } from "../ui/Lazy";
import { NotFoundPage } from "../ui/NotFoundPage";
import { part } from "../ui/part";
import { AllPage, TodoPage } from "./TodoPage";

addTexts(zhUnit);

/** What a unit found itself; needs the service, so it is not fetched ahead. */
const selfFound = part(() => import("../selfFound/SelfFoundPage").then((module) => module.SelfFoundPage));

/** The pages of a unit. */
export function UnitPages() {
  const [first = "todo", second, third] = route.value.path;
  if (first === "month") return <Lazy of={month} props={{}} />;
  if (first === "cards") return <Lazy of={unitCards} props={{}} />;
  if (first === "self") return <Lazy of={selfFound} props={{}} />;
  if (first === "months") return <Lazy of={months} props={{}} />;
  if (first === "all") return <AllPage />;
  if (third === "print" || isWide("1024px")) return <Lazy of={unitDesk} props={{}} />;
  if (first === "issue" && second) return <Lazy key={route.value.path.join()} of={unitIssue} props={{}} />;
  return first === "todo" ? <TodoPage /> : <NotFoundPage />;
}
