import { readEvents } from "../api/issues";
import type { Event, OfficeEvent } from "../api/types";
import { t } from "../texts";
import { formatMoment } from "../time/moment";
import { formatShownTime } from "../time/civil";
import { useCached } from "./useCached";
import { Fetched } from "./Notice";

/** What has happened to an issue, latest first. */
export function Timeline({ issueId, version }: { issueId: string; version: number }) {
  const events = useCached<(Event | OfficeEvent)[]>(`events/${issueId}/${version}`, () => readEvents(issueId));
  return (
    <Fetched of={events} rows={2}>
      {(list) => (
        <ol class="timeline">
          {[...list].reverse().map((event) => (
            <li key={event.version}>
              <EventLine event={event} />
            </li>
          ))}
        </ol>
      )}
    </Fetched>
  );
}

/** One event: what, when, by whom as far as this reader may know, and why. */
export function EventLine({ event }: { event: Event | OfficeEvent }) {
  const step = t(`do.${event.action}`);
  const state = t(`issue.${event.to}`);
  return (
    <>
      <p>
        <strong>{step}</strong>
        {event.to !== event.from && state !== step ? <span class="meta"> → {state}</span> : null}
      </p>
      <p class="meta">
        {"fineness" in event ? formatShownTime(event.at, event.fineness) : formatMoment(event.at)} ·{" "}
        {"actor" in event && event.actor
          ? event.actor.display_name
          : event.actor_role
            ? t(`role.${event.actor_role}`)
            : t("role.system")}
      </p>
      {event.reason ? (
        <p class="quote" lang="zh-CN">
          {event.reason}
        </p>
      ) : null}
    </>
  );
}
