import type { ComponentType } from "preact";
import { readIssue } from "../api/issues";
import type { Issue } from "../api/types";
import { entries } from "../outbox/drain";
import type { AnswerEntry } from "../outbox/entry";
import { pendingSignIn } from "../outbox/readiness";
import { link, route } from "../router";
import { t } from "../texts";
import { answer } from "../parts";
import { useCached } from "../ui/useCached";
import { Lazy } from "../ui/Lazy";
import { Empty, FailureNotice, Loading, Notice } from "../ui/Notice";
import { Page } from "../ui/Page";

/** The issue that the address names, drawn by `View`, or the form of an action on it. */
export function IssuePage<I extends Issue>({ View }: { View: ComponentType<{ issue: I }> }) {
  const [, id = "", action] = route.value.path;
  const issue = useCached<Issue>(`issue/${id}`, () => readIssue(id));
  const { body } = issue;
  if (body === undefined || issue.failure?.code === "not-found") {
    const done = issue.failure?.code === "not-found" ? lastDelivered(id) : undefined;
    if (done) {
      // A finished task can no longer be read by this person. That is success, not an error.
      return (
        <Page title={done.title} titleLang="zh-CN" back="#/">
          <Notice tone="success" role="status">
            <p>{t("pending.delivered", { what: t(`do.${done.action}`) })}</p>
            <p class="meta">{t("pending.over")}</p>
          </Notice>
        </Page>
      );
    }
    // A task that is over, or was given to somebody else, is no fault of anybody's.
    if (issue.failure?.code === "not-found")
      return (
        <Page title={t("issue.title")} back="#/">
          <Empty
            action={
              <a class="button" href="#/">
                {t("page.toStart")}
              </a>
            }
          >
            {t("pending.notYours")}
          </Empty>
        </Page>
      );
    return (
      <Page title={t("issue.title")} back="#/">
        {issue.failure ? <FailureNotice failure={issue.failure} onRetry={issue.reload} /> : <Loading />}
      </Page>
    );
  }
  if (action === undefined) return <View issue={body as I} />;
  const ahead = action === "report-fix" ? pendingSignIn(id, entries.value) : undefined;
  if (!ahead && !(body.allowed_actions as string[]).includes(action)) {
    const open = (
      <a class="button" href={link("issue", id)}>
        {t("action.open")}
      </a>
    );
    return (
      <Page title={t("issue.title")} back={link("issue", id)}>
        <Empty action={open}>{t("answer.notNow", { state: t(`issue.${body.state}`) })}</Empty>
      </Page>
    );
  }
  return <Lazy of={answer} props={{ issue: body, action }} />;
}

/** The last action on this issue that was delivered, as far as this device knows. */
const lastDelivered = (issueId: string): AnswerEntry | undefined =>
  entries.value.find(
    (entry): entry is AnswerEntry =>
      entry.issueId === issueId && entry.kind === "answer" && entry.state === "delivered",
  );
