// Where the device is, asked for only while a page that needs it is open. No track is kept.
import { signal } from "@preact/signals";
import type { Location } from "../api/types";

export type PositionState =
  | { kind: "unasked" }
  | { kind: "seeking" }
  | { kind: "known"; location: Location & { accuracy_m: number }; at: number }
  | { kind: "denied" }
  | { kind: "unavailable" };

export const position = signal<PositionState>({ kind: "unasked" });

/** Source: app plan §10.4; within it the word is "precise". */
export const PRECISE_M = 30;
let watchers = 0;
let watch: number | null = null;

/** Follows the position until the returned function is called. */
export function followPosition(): () => void {
  watchers += 1;
  if (watch === null) start();
  return () => {
    watchers -= 1;
    if (watchers > 0 || watch === null) return;
    navigator.geolocation.clearWatch(watch);
    watch = null;
  };
}

export function askAgain(): void {
  if (watch !== null) navigator.geolocation.clearWatch(watch);
  watch = null;
  // Forget the old position, or it would be used again at once.
  position.value = { kind: "seeking" };
  start();
}

function start(): void {
  if (!("geolocation" in navigator)) {
    position.value = { kind: "unavailable" };
    return;
  }
  if (position.value.kind !== "known") position.value = { kind: "seeking" };
  watch = navigator.geolocation.watchPosition(
    ({ coords, timestamp }) => {
      const location = {
        lat: round(coords.latitude),
        lon: round(coords.longitude),
        accuracy_m: Math.round(coords.accuracy * 10) / 10,
      };
      position.value = { kind: "known", location, at: timestamp };
    },
    (error) => {
      if (error.code === error.PERMISSION_DENIED) position.value = { kind: "denied" };
      else if (position.value.kind !== "known") position.value = { kind: "unavailable" };
    },
    { enableHighAccuracy: true, maximumAge: 10_000, timeout: 30_000 },
  );
}

/** Six decimals are a tenth of a metre; more is noise. */
const round = (degrees: number) => Math.round(degrees * 1e6) / 1e6;
