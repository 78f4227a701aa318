// Keeps the screen on while something is shown to others; where that is not possible, the system's own time counts.
import { useEffect } from "preact/hooks";

interface Lock {
  release: () => Promise<void>;
}

export function useWakeLock(): void {
  useEffect(() => {
    const { wakeLock } = navigator as { wakeLock?: { request: (kind: "screen") => Promise<Lock> } };
    if (!wakeLock) return;
    let held: Lock | null = null;
    let isOver = false;
    // The browser takes it back when the page is hidden.
    const ask = () => {
      if (document.visibilityState !== "visible") return;
      wakeLock.request("screen").then(
        (lock) => {
          if (isOver) void lock.release().catch(() => undefined);
          else held = lock;
        },
        () => undefined,
      );
    };
    ask();
    document.addEventListener("visibilitychange", ask);
    return () => {
      isOver = true;
      document.removeEventListener("visibilitychange", ask);
      void held?.release().catch(() => undefined);
    };
  }, []);
}
