import { signal } from "@preact/signals";

/** How many notices are unread. Asked for by `notices/count.ts`, which comes after the first screen. */
export const unread = signal(0);

/** How many cases wait for the office's decision. Asked for by `office/waitingCount.ts`. */
export const waiting = signal(0);

/** The service counts unread notices no further than 100, and a badge has room for no more. */
export const badgeText = (count: number): string => (count > 99 ? "99+" : `${count}`);
