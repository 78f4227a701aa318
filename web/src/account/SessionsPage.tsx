import { useState } from "preact/hooks";
import { asFailure } from "../api/failure";
import type { Failure } from "../api/failure";
import { get, reachable, request } from "../api/request";
import type { Schemas } from "../api/types";
import { link } from "../router";
import { t } from "../texts";
import { formatMoment } from "../time/moment";
import { ConfirmButton } from "../ui/ConfirmButton";
import { useCached } from "../ui/useCached";
import { FailureNotice, Fetched } from "../ui/Notice";
import { Page } from "../ui/Page";

type Session = Schemas["SessionView"];

/** Where this account is logged in, so that an unknown or lost device can be logged out. */
export function SessionsPage() {
  const sessions = useCached<Session[]>(
    "sessions",
    async () => (await get<{ items: Session[] }>("/sessions")).body.items,
  );
  const [failure, setFailure] = useState<Failure | null>(null);
  async function end(id: string) {
    try {
      await request<void>(`/sessions/${id}`, { method: "DELETE" });
      setFailure(null);
      sessions.reload();
    } catch (cause) {
      setFailure(asFailure(cause));
    }
  }
  return (
    <Page title={t("sessions.title")} back={link("me")}>
      <div class="stack">
        <p class="meta">{t("sessions.intro")}</p>
        {failure ? <FailureNotice failure={failure} /> : null}
        <Fetched of={sessions}>
          {(all) => (
            <ul class="stack">
              {all.map((one) => (
                <li class="card stack-tight" key={one.id}>
                  <p>
                    {one.is_current ? (
                      <strong>{t("sessions.current")}</strong>
                    ) : (
                      t("sessions.used", { at: formatMoment(one.last_seen_at) })
                    )}
                  </p>
                  <p class="meta">
                    {t("sessions.since", { at: formatMoment(one.created_at), until: formatMoment(one.expires_at) })}
                  </p>
                  <p class="caption" lang="en">
                    {one.agent}
                  </p>
                  {one.is_current || !reachable.value ? null : (
                    <ConfirmButton
                      label={t("sessions.end")}
                      question={t("sessions.endSure")}
                      onConfirm={() => void end(one.id)}
                    />
                  )}
                </li>
              ))}
            </ul>
          )}
        </Fetched>
      </div>
    </Page>
  );
}
