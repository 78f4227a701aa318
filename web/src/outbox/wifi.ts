// Whether originals may be sent now: a person may keep them for Wi-Fi, and may say "now anyway".
import { signal } from "@preact/signals";
import { isWifiOnly } from "../session/preferences";
import type { OutboxEntry } from "./entry";

export type Network = "wifi" | "mobile" | "unknown";

interface Connection extends EventTarget {
  type?: string;
}
const connection = (): Connection | undefined => (navigator as { connection?: Connection }).connection;

/** What the browser says; many say nothing, and then nothing is held back. */
export function networkNow(): Network {
  const type = connection()?.type;
  if (type === undefined || type === "unknown" || type === "none") return "unknown";
  return type === "wifi" || type === "ethernet" ? "wifi" : "mobile";
}

export const network = signal<Network>(networkNow());
/** Asked for by a person; holds until the app is opened anew. */
export const isAnyway = signal(false);

export const originalsWait = (): boolean => isWifiOnly.value && !isAnyway.value && network.value === "mobile";

/** Whether nothing of it is to be sent now: the service has the report, and what is left are originals. */
export const waitsForWifi = (entry: OutboxEntry): boolean =>
  entry.kind === "report" && entry.isReceived === true && originalsWait();

export function followNetwork(onWifi: () => void): void {
  connection()?.addEventListener("change", () => {
    network.value = networkNow();
    if (network.value === "wifi") onWifi();
  });
}
