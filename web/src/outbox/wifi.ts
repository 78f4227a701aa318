// Whether originals may be sent now. A person can keep them for Wi-Fi, and can still send them at once.
import { signal } from "@preact/signals";
import { isWifiOnly } from "../session/preferences";
import type { OutboxEntry } from "./entry";

export type Network = "wifi" | "mobile" | "unknown";

interface Connection extends EventTarget {
  type?: string;
}
const connection = (): Connection | undefined => (navigator as { connection?: Connection }).connection;

/** The network type. Many browsers do not tell it, and then nothing is held back. */
export function networkNow(): Network {
  const type = connection()?.type;
  if (type === undefined || type === "unknown" || type === "none") return "unknown";
  return type === "wifi" || type === "ethernet" ? "wifi" : "mobile";
}

export const network = signal<Network>(networkNow());
/** Set by a person; lasts until the app is started again. */
export const isAnyway = signal(false);

export const originalsWait = (): boolean => isWifiOnly.value && !isAnyway.value && network.value === "mobile";

/** Whether only originals are left to send, and these have to wait. */
export const waitsForWifi = (entry: OutboxEntry): boolean =>
  entry.kind !== "answer" && entry.isReceived === true && originalsWait();

export function followNetwork(onWifi: () => void): void {
  connection()?.addEventListener("change", () => {
    network.value = networkNow();
    if (network.value === "wifi") onWifi();
  });
}
