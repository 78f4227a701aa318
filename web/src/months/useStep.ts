import { useState } from "preact/hooks";
import { asFailure } from "../api/failure";
import type { Failure } from "../api/failure";

export interface Sending {
  isBusy: boolean;
  failure: Failure | null;
  /** Sends it; what is shown is read again afterwards, also after a refusal because of a newer version. */
  send: (call: () => Promise<unknown>, after?: () => void) => Promise<void>;
}

/** Sends something, one at a time, and keeps why it failed. */
export function useSending(onChange: () => void): Sending {
  const [isBusy, setBusy] = useState(false);
  const [failure, setFailure] = useState<Failure | null>(null);
  return {
    isBusy,
    failure,
    send: async (call, after) => {
      setBusy(true);
      setFailure(null);
      try {
        await call();
        after?.();
        onChange();
      } catch (cause) {
        const refused = asFailure(cause);
        setFailure(refused);
        if (refused.code === "stale-version") onChange();
      } finally {
        setBusy(false);
      }
    },
  };
}
