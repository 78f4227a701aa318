import { month, unitIssue } from "../parts";
import { route } from "../router";
import { addTexts } from "../texts";
import { zhUnit } from "../texts/zh/unit";
import { Lazy } from "../ui/Lazy";
import { NotFoundPage } from "../ui/NotFoundPage";
import { AllPage, TodoPage } from "./TodoPage";

addTexts(zhUnit);

/** The pages of a unit. */
export function UnitPages() {
  const [first, second] = route.value.path;
  if (first === "issue" && second) return <Lazy key={route.value.path.join()} of={unitIssue} props={{}} />;
  if (first === undefined || first === "todo") return <TodoPage />;
  if (first === "month") return <Lazy of={month} props={{}} />;
  if (first === "all") return <AllPage />;
  return <NotFoundPage />;
}
