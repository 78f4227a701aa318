import { readEvents } from "../api/issues";
import type { Event, Issue, OfficeEvent } from "../api/types";
import { t } from "../texts";
import { Notice } from "../ui/Notice";
import { useCached } from "../ui/useCached";

/** Why the office has sent a report back, in its own words; if it did so several times, the latest reason. */
export function SentBack({ issue }: { issue: Pick<Issue, "id" | "version"> }) {
  const events = useCached<(Event | OfficeEvent)[]>(`events/${issue.id}/${issue.version}`, () => readEvents(issue.id));
  const last = [...(events.body ?? [])].reverse().find((event) => event.action === "send-back");
  return (
    <Notice tone="warn">
      <p>{t("inspector.returnedHint")}</p>
      {last?.reason ? (
        <p class="quote" lang="zh-CN">
          {last.reason}
        </p>
      ) : null}
    </Notice>
  );
}
