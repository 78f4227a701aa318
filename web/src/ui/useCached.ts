// Returns the cached answer at once, then the present one.
import { useEffect, useRef, useState } from "preact/hooks";
import { asFailure } from "../api/failure";
import type { Failure } from "../api/failure";
import { reachable } from "../api/request";
import { deliveries } from "../outbox/drain";
import { refreshes } from "../session/foreground";
import { session } from "../session/session";
import { cacheAnswer, readCached } from "../store/cache";

export interface Cached<T> {
  body: T | undefined;
  /** When `body` was received, in milliseconds since the epoch. */
  at: number | null;
  isLoading: boolean;
  failure: Failure | null;
  reload: () => void;
}

export function useCached<T>(key: string, load: () => Promise<T>): Cached<T> {
  const [state, setState] = useState<Omit<Cached<T>, "reload">>({
    body: undefined,
    at: null,
    isLoading: true,
    failure: null,
  });
  const [attempt, setAttempt] = useState(0);
  const current = useRef(key);
  const name = `${session.value?.user.id ?? ""}|${key}`;
  // A delivery may have changed what is shown.
  const deliveryCount = deliveries.value;
  // Loads again when the service is reachable again, but only what got no answer.
  const isHeard = reachable.value;
  const isUnanswered = useRef(false);
  isUnanswered.current = state.failure?.isUnreachable ?? false;
  useEffect(() => {
    if (isHeard && isUnanswered.current) setAttempt((value) => value + 1);
  }, [isHeard]);

  useEffect(() => {
    let isCurrent = true;
    const isOther = current.current !== key;
    current.current = key;
    setState((old) => ({ ...(isOther ? { body: undefined, at: null } : old), isLoading: true, failure: null }));
    void (async () => {
      const kept = await readCached(name).catch(() => undefined);
      if (isCurrent && kept)
        setState((old) => (old.body === undefined ? { ...old, body: kept.body as T, at: kept.at } : old));
      try {
        const body = await load();
        const at = Date.now();
        if (isCurrent) setState({ body, at, isLoading: false, failure: null });
        await cacheAnswer(name, { at, etag: null, body }).catch(() => undefined);
      } catch (cause) {
        if (isCurrent) setState((old) => ({ ...old, isLoading: false, failure: asFailure(cause) }));
      }
    })();
    return () => {
      isCurrent = false;
    };
  }, [name, attempt, deliveryCount, refreshes.value]);

  return { ...state, reload: () => setAttempt((value) => value + 1) };
}
