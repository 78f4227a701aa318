import { route } from "../router";
import { NotFoundPage } from "../ui/NotFoundPage";
import { BoardPage } from "./BoardPage";
import { CardPage } from "./CardPage";
import { FigurePage } from "./FigurePage";
import { GroupsPage } from "./GroupsPage";
import { LedgerPage } from "./LedgerPage";
import { ListPage } from "./ListPage";
import { MeetingPage } from "./MeetingPage";
import { MonthPage } from "./MonthPage";
import { RecordsPage } from "./RecordsPage";
import { RulesPage } from "./RulesPage";
import { isOffice, isUnit } from "./role";
import { YearPage } from "./YearPage";
import "./words";
import "./months.css";
import "../texts/withForms";

const MONTH = /^\d{4}-\d{2}$/;

/** The months 月评, of everybody who may read one; fetched when somebody opens them. */
export function MonthsPages() {
  const [, section, second, third, fourth] = route.value.path;
  const key = route.value.path.join("/");
  if (section === undefined) return <ListPage />;
  if (section === "year") return <YearPage key={key} year={second ?? ""} />;
  if (isOffice() && section === "rules") return <RulesPage />;
  if (isOffice() && section === "groups") return <GroupsPage />;
  if (!MONTH.test(section)) return <NotFoundPage />;
  if (second === undefined) return <MonthPage key={key} month={section} />;
  if (second === "board") return <BoardPage key={key} month={section} />;
  if (second === "meeting" && !isUnit()) return <MeetingPage key={key} month={section} />;
  if (second === "ledger") return <LedgerPage key={key} month={section} />;
  if (second === "records" && isOffice()) return <RecordsPage key={key} month={section} />;
  if (second === "unit" && third !== undefined)
    return fourth === undefined ? (
      <CardPage key={key} month={section} unit={third} />
    ) : (
      <FigurePage key={key} month={section} unit={third} metric={fourth} />
    );
  return <NotFoundPage />;
}
