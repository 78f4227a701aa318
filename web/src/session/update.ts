// The service worker: registered once, exchanged only when a person says so.
import { signal } from "@preact/signals";

export const isUpdateReady = signal(false);
let waiting: ServiceWorker | null = null;

export function startServiceWorker(): void {
  if (!("serviceWorker" in navigator) || !import.meta.env.PROD) return;
  navigator.serviceWorker.register("/sw.js", { updateViaCache: "none" }).then(
    (registration: ServiceWorkerRegistration | undefined) => {
      const offer = (worker: ServiceWorker | null) => {
        // Without a controller this is the first installation: nothing is exchanged.
        if (!worker || !navigator.serviceWorker.controller) return;
        waiting = worker;
        isUpdateReady.value = true;
      };
      // Where workers are forbidden, some browsers answer with nothing.
      if (!registration) return;
      offer(registration.waiting);
      registration.addEventListener("updatefound", () => {
        const worker = registration.installing;
        worker?.addEventListener("statechange", () => {
          if (worker.state === "installed") offer(worker);
        });
      });
    },
    () => undefined,
  );
}

/** What was entered is on the disk, so a new start loses nothing. */
export function applyUpdate(): void {
  navigator.serviceWorker.addEventListener("controllerchange", () => location.reload());
  waiting?.postMessage("activate");
}

/**
 * For a part that is gone from the service: the app that is kept is too old. The worker is never taken away, since
 * without it the app would not open offline: it is asked to look for its successor.
 */
export async function reloadLatest(): Promise<void> {
  const registration = await navigator.serviceWorker?.getRegistration().catch(() => undefined);
  await registration?.update().catch(() => undefined);
  const next = registration?.waiting ?? registration?.installing ?? null;
  if (next && navigator.serviceWorker.controller && (await isInstalled(next))) {
    waiting = next;
    return applyUpdate();
  }
  location.reload();
}

function isInstalled(worker: ServiceWorker): Promise<boolean> {
  return new Promise((resolve) => {
    const look = () => {
      if (worker.state === "installing") return;
      worker.removeEventListener("statechange", look);
      resolve(worker.state === "installed");
    };
    worker.addEventListener("statechange", look);
    look();
  });
}
