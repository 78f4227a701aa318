import { signal } from "@preact/signals";

/** How many notices are unread. Asked for by `notices/count.ts`, which comes after the first screen. */
export const unread = signal(0);

/** The service counts no further than 100. */
export const unreadText = (): string => (unread.value > 99 ? "99+" : `${unread.value}`);
