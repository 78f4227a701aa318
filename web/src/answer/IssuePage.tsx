import * as calls from "../api/calls";
import type { InspectorIssue, Issue, UnitIssue } from "../api/types";
import { InspectorIssuePage } from "../inspector/InspectorIssuePage";
import { link } from "../router";
import { t } from "../texts";
import { UnitIssuePage } from "../unit/UnitIssuePage";
import { useKept } from "../ui/kept";
import { Empty, FailureNotice, Loading } from "../ui/Notice";
import { Page } from "../ui/Page";
import { AnswerPage } from "./AnswerPage";
import { isAnswerAction } from "./forms";

/** An issue by its id, in the view of whoever is signed in, or one step on it. */
export function IssuePage({ id, action }: { id: string; action?: string | undefined }) {
  const issue = useKept<Issue>(`issue/${id}`, () => calls.readIssue(id));
  const { body } = issue;
  if (body === undefined || issue.failure?.code === "not-found") {
    return <Page title={t("issue.title")} back="#/">{issue.failure ? <FailureNotice failure={issue.failure} onRetry={issue.reload} /> : <Loading />}</Page>;
  }
  if (action !== undefined) {
    if (!isAnswerAction(action)) return <Page title={t("issue.title")} back={link("issue", id)}><Empty>{t("page.unknown")}</Empty></Page>;
    if (!body.allowed_actions.includes(action)) {
      return <Page title={t(`do.${action}`)} back={link("issue", id)}><Empty action={<a class="button" href={link("issue", id)}>{t("action.open")}</a>}>{t("answer.notNow", { state: t(`issue.${body.state}`) })}</Empty></Page>;
    }
    return <AnswerPage issue={body as InspectorIssue | UnitIssue} action={action} />;
  }
  return "is_mine" in body ? <InspectorIssuePage issue={body} /> : <UnitIssuePage issue={body as UnitIssue} />;
}
