import { route } from "../router";
import { session } from "../session/session";
import { NoSuchPage } from "../ui/NoSuchPage";
import { AllPage, TodoPage } from "./TodoPage";

/** The lists of a unit, and of those who only read. */
export function Readers() {
  const [first] = route.value.path;
  const isUnit = session.value?.user.role === "unit";
  if (isUnit && (first === undefined || first === "todo")) return <TodoPage />;
  if (first === undefined || first === "all") return <AllPage />;
  return <NoSuchPage />;
}
