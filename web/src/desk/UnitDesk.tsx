import { unitIssue } from "../parts";
import { route } from "../router";
import { Lazy } from "../ui/Lazy";
import { NotFoundPage } from "../ui/NotFoundPage";
import { IssueAside } from "./IssueAside";
import { NoticesPage } from "./print/NoticesPage";
import { TodoDesk } from "./TodoDesk";
import "./styles";
import "./words";

/**
 * What a unit has to do, on a wide screen, and its paper at any width. Issues and forms are those of phones, with more
 * beside them.
 */
export function UnitDesk() {
  const [first, second, third] = route.value.path;
  if (third === "print") return <NoticesPage key={second} />;
  if (first === "issue" && second)
    return (
      <div class="beside" key={route.value.path.join()}>
        <Lazy of={unitIssue} props={{}} />
        <IssueAside id={second} action={third} />
      </div>
    );
  if (first === undefined || first === "todo") return <TodoDesk />;
  return <NotFoundPage />;
}
