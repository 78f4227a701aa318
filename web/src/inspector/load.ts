/** The list of own reports: not the first screen, so fetched when it is opened or when there is time. */
export const loadRecords = () => import("./RecordsPage").then((part) => part.RecordsPage);
