// The service worker: registered once, exchanged only when a person says so.
import { signal } from "@preact/signals";

export const isUpdateReady = signal(false);
let waiting: ServiceWorker | null = null;

export function startServiceWorker(): void {
  if (!("serviceWorker" in navigator) || !import.meta.env.PROD) return;
  navigator.serviceWorker.register("/sw.js", { updateViaCache: "none" }).then((registration) => {
    const offer = (worker: ServiceWorker | null) => {
      // Without a controller this is the first installation: nothing is exchanged.
      if (!worker || !navigator.serviceWorker.controller) return;
      waiting = worker;
      isUpdateReady.value = true;
    };
    offer(registration.waiting);
    registration.addEventListener("updatefound", () => {
      const worker = registration.installing;
      worker?.addEventListener("statechange", () => { if (worker.state === "installed") offer(worker); });
    });
  }, () => undefined);
}

/** What was entered is on the disk, so a new start loses nothing. */
export function takeUpdate(): void {
  navigator.serviceWorker.addEventListener("controllerchange", () => location.reload());
  waiting?.postMessage("activate");
}

/** For a part that is gone from the server: the kept app is too old, so the next start takes everything anew. */
export async function startAnew(): Promise<void> {
  const registration = await navigator.serviceWorker?.getRegistration().catch(() => undefined);
  await registration?.unregister();
  location.reload();
}
