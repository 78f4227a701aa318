// What a part of the app must do before its user logs out. The part registers it when it is loaded.
import type { ComponentType } from "preact";

export const leaving: {
  /** Sends what is not sent yet. Resolves with how many are left, after a while at the latest. */
  deliver: (() => Promise<number>) | null;
  /** Asks what is to become of those. */
  Question: ComponentType<{ onLeave: () => void; onStay: () => void }> | null;
} = { deliver: null, Question: null };
