import { useEffect, useState } from "preact/hooks";
import { readEvents } from "../api/issues";
import type { Event, OfficeEvent } from "../api/types";
import { t } from "../texts";
import { EventLine } from "../ui/Timeline";
import "../texts/withForms";

/** What others did since the version that this person saw, as far as their own history shows it. */
export function ChangesSince({ issueId, version }: { issueId: string; version: number }) {
  const [events, setEvents] = useState<(Event | OfficeEvent)[] | null>(null);
  useEffect(() => {
    let isCurrent = true;
    void readEvents(issueId).then(
      (all) => {
        if (isCurrent) setEvents(all.filter((event) => event.version > version));
      },
      () => undefined,
    );
    return () => {
      isCurrent = false;
    };
  }, [issueId, version]);
  if (!events || events.length === 0) return null;
  return (
    <section class="stack-tight" aria-label={t("changes.title")}>
      <p>
        <strong>{t("changes.title")}</strong>
      </p>
      <ol class="timeline">
        {events.map((event) => (
          <li key={event.version}>
            <EventLine event={event} />
          </li>
        ))}
      </ol>
    </section>
  );
}
