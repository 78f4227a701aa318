/** The list of own reports: not the first screen, so fetched when it is opened or when there is time. */
export const loadRecords = () => import("./RecordsPage").then((part) => part.RecordsPage);

/** A place's page, with its map. */
export const loadPoint = () => import("./PointPage").then((part) => part.PointPage);
