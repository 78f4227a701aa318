import * as parts from "../../parts";
import { link, route } from "../../router";
import { may, session } from "../../session/session";
import { t } from "../../texts";
import { Lazy } from "../../ui/Lazy";
import { part } from "../../ui/part";
import { NotFoundPage } from "../../ui/NotFoundPage";
import { Page } from "../../ui/Page";
import { batches } from "../batches/part";
import { FiguresView, useFigures } from "../figures/FiguresView";
import { scopeOf } from "../figures/links";
import { ReaderListPage } from "./ReaderListPage";
import { WallPage } from "./WallPage";
import "../../session/live";
import "../office.css";
import "../words";
import "../../texts/withForms";

/** Of leaders alone. */
const pairings = part(() => import("../../leader/PairingsPage").then((module) => module.PairingsPage));

/** The pages of roles that only read released issues: leaders, task forces, discipline inspection. */
export function ReaderPages() {
  const [first, second] = route.value.path;
  if (first === "issue" && second) return <Lazy key={route.value.path.join()} of={parts.unitIssue} props={{}} />;
  // `all` is what the list was called before.
  if (first === "issues" || first === "all") return <ReaderListPage />;
  if (first === "months") return <Lazy of={parts.months} props={{}} />;
  if (first === "pairings" && may("write-leader-notes")) return <Lazy of={pairings} props={{}} />;
  if (first === "wall") return <WallPage />;
  if (first === "plans" && may("read-schedules")) return <Lazy of={parts.plans} props={{}} />;
  // Of the office's pages discipline inspection has this one.
  if (first === "cases" && may("read-cases")) return <Lazy of={parts.desk} props={{}} />;
  if (first === "draws" && may("read-draws")) return <Lazy of={batches} props={{}} />;
  if (first === "audit" || first === "complaints") return <Lazy of={parts.settings} props={{}} />;
  if (first !== undefined && first !== "overview") return <NotFoundPage />;
  // What one may do is not known yet right after the login.
  const isKnown = (session.value?.permissions.length ?? 0) > 0;
  return isKnown && !may("read-figures") ? <ReaderListPage /> : <ReaderOverview />;
}

function ReaderOverview() {
  const scope = scopeOf(route.value.query);
  const figures = useFigures(scope);
  return (
    <Page
      title={t("tab.overview")}
      isWide
      aside={
        <span class="wrap no-print">
          {may("write-leader-notes") ? (
            <a class="button" href={link("pairings")}>
              {t("reader.pairings")}
            </a>
          ) : null}
          {may("read-months") ? (
            <a class="button" href={link("months")}>
              {t("office.months")}
            </a>
          ) : null}
          {may("read-cases") ? (
            <a class="button" href={link("cases")}>
              {t("office.cases")}
            </a>
          ) : null}
          {may("read-draws") ? (
            <a class="button" href={link("draws")}>
              {t("office.draws")}
            </a>
          ) : null}
          {may("read-schedules") ? (
            <a class="button" href={link("plans")}>
              {t("office.plans")}
            </a>
          ) : null}
          <button type="button" class="button" onClick={figures.reload}>
            {t("action.refresh")}
          </button>
        </span>
      }
    >
      <FiguresView of={figures} scope={scope} page="overview" isReader />
    </Page>
  );
}
