import { useEffect, useState } from "preact/hooks";
import { loggedOut, reachable } from "../api/request";
import { addTexts, t } from "../texts";
import { zhOutbox } from "../texts/zh/outbox";
import type { OutboxEntry } from "./entry";
import { waitsForWifi } from "./wifi";

addTexts(zhOutbox);

const SECOND_MS = 1_000;

/** Seconds until `at`, counted down; 0 once it is over. */
function useSecondsTo(at: number): number {
  const [now, setNow] = useState(Date.now());
  const left = Math.max(0, Math.ceil((at - now) / SECOND_MS));
  useEffect(() => {
    if (left === 0) return;
    const timer = setTimeout(() => setNow(Date.now()), SECOND_MS);
    return () => clearTimeout(timer);
  }, [now, left === 0]);
  // What waits anew begins at the present time.
  useEffect(() => setNow(Date.now()), [at]);
  return left;
}

/** What is being done with a record that is not delivered: it changes by itself. */
export function Underway({ entry }: { entry: OutboxEntry }) {
  const seconds = useSecondsTo(entry.state === "waiting" ? entry.nextAt : 0);
  const words = wordsOf(entry, seconds);
  return words === null ? null : (
    // Around it changes are read out; nobody wants to hear the seconds.
    <p class="meta" aria-live="off">
      {words}
    </p>
  );
}

function wordsOf(entry: OutboxEntry, seconds: number): string | null {
  const photosLeft = entry.photos.length - entry.sentPhotos.length;
  if (entry.state === "sending") {
    if (entry.kind !== "answer") return t(entry.isReceived ? "outbox.nowPhotos" : "outbox.nowReport");
    return t(photosLeft > 0 ? "outbox.nowStepPhotos" : "outbox.nowStep");
  }
  if (entry.state !== "waiting" || loggedOut.value || waitsForWifi(entry)) return null;
  if (!reachable.value) return t("outbox.nowOffline");
  return seconds > 0 ? t("outbox.againIn", { seconds }) : null;
}
