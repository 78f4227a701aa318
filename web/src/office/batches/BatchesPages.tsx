import { route } from "../../router";
import { may } from "../../session/session";
import { NotFoundPage } from "../../ui/NotFoundPage";
import { BatchPage } from "./BatchPage";
import { DrawsPage } from "./DrawsPage";
import { ListPage } from "./ListPage";
import { NewPlanPage, PlanPage } from "./PlanPage";
import { ProofPage } from "./ProofPage";
import { VisitPage } from "./VisitPage";
import { VisitsPage } from "./VisitsPage";
import "../office.css";
import "../figures/figures.css";
import "./batches.css";
import "../words";
import "./words";
import "../../texts/withForms";

/** Batches 暗访批次, their draws and visits; the discipline inspection reads the draws. */
export function BatchesPages() {
  const [first, second, third] = route.value.path;
  const key = route.value.path.join("/");
  if (first === "draws" && may("read-draws"))
    return second === undefined ? <DrawsPage /> : <ProofPage key={key} id={second} />;
  if (!may("manage-batches")) return <NotFoundPage />;
  if (first === "visits") return second === undefined ? <VisitsPage /> : <VisitPage key={key} id={second} />;
  if (first !== "batches") return <NotFoundPage />;
  if (second === undefined) return <ListPage />;
  if (second === "new") return <NewPlanPage />;
  if (third === undefined) return <BatchPage key={key} id={second} />;
  if (third === "plan") return <PlanPage key={key} id={second} />;
  return <NotFoundPage />;
}
