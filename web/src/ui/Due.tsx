import { useEffect, useState } from "preact/hooks";
import { t } from "../texts";
import { countdown } from "../time/countdown";
import { deadlineWords, serverNow } from "../time/moment";

/** The time now, anew every half minute. */
export function useNow(): number {
  const [now, setNow] = useState(serverNow());
  useEffect(() => {
    const timer = setInterval(() => setNow(serverNow()), 30_000);
    return () => clearInterval(timer);
  }, []);
  return now;
}

/** How long is left, in words, and always the moment itself: words age, moments do not. */
export function Due({ at }: { at: string }) {
  const { words, urgency } = countdown(at, useNow());
  const tone = urgency === "late" ? "text-danger" : urgency === "soon" ? "text-warn" : "";
  return (
    <p class="due">
      <strong class={tone}>{words}</strong>
      <span class="meta">{t("time.dueAt", { at: deadlineWords(at) })}</span>
    </p>
  );
}
