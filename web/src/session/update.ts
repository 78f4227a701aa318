// The service worker: registered once, replaced only when a person agrees.
import { signal } from "@preact/signals";

export const isUpdateReady = signal(false);
let waiting: ServiceWorker | null = null;

export function startServiceWorker(): void {
  if (!("serviceWorker" in navigator) || !import.meta.env.PROD) return;
  navigator.serviceWorker.register("/sw.js", { updateViaCache: "none" }).then(
    (registration: ServiceWorkerRegistration | undefined) => {
      const offer = (worker: ServiceWorker | null) => {
        // Without a controller this is the first installation, not an update.
        if (!worker || !navigator.serviceWorker.controller) return;
        waiting = worker;
        isUpdateReady.value = true;
      };
      // Some browsers return nothing if service workers are disabled.
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

/** Everything entered is saved, so a reload loses nothing. */
export function applyUpdate(): void {
  navigator.serviceWorker.addEventListener("controllerchange", () => location.reload());
  waiting?.postMessage("activate");
}

/**
 * For a module that no longer exists on the service, because this app is too old. The worker is not unregistered,
 * since without it the app would not open offline; it is asked to update.
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
