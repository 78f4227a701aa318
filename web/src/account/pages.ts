const PAGES = ["complaint", "doctor", "install", "me", "password", "sessions"] as const;
/** The pages about the person and the device; every role has them. */
export type AccountPage = (typeof PAGES)[number];
export const isAccountPage = (path: string | undefined): path is AccountPage => PAGES.includes(path as AccountPage);
