import { useEffect, useState } from "preact/hooks";
import type { State } from "../api/types";
import { t } from "../texts";
import { countdown } from "../time/countdown";
import { formatDeadline, formatMoment, serverNow } from "../time/moment";

/** The present time, updated every half minute. */
export function useNow(): number {
  const [now, setNow] = useState(serverNow());
  useEffect(() => {
    const timer = setInterval(() => setNow(serverNow()), 30_000);
    return () => clearInterval(timer);
  }, []);
  return now;
}

interface Dated {
  due_at: string | null;
  state: State;
  reported_at?: string | null;
}

/** Time left, as text that needs no arithmetic. */
export function Due({ of: { due_at: at, state, reported_at: handedIn } }: { of: Dated }) {
  const now = useNow();
  if (at === null) return null;
  const { words, urgency } =
    state !== "reported"
      ? countdown(at, now)
      : {
          words: handedIn ? t("time.handedIn", { at: formatMoment(handedIn) }) : t("issue.reported"),
          urgency: handedIn && handedIn > at ? "late" : "",
        };
  const tone = urgency === "late" ? "text-danger" : urgency === "soon" ? "text-warn" : "";
  return (
    <p class="due">
      <strong class={tone}>{words}</strong>
      <span class="meta">{t("time.dueAt", { at: formatDeadline(at) })}</span>
    </p>
  );
}
