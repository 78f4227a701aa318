/** Whether a point stands for a place off the list, which the office has not settled. */
export const isUnlisted = (point: { code: string }): boolean => point.code.startsWith("unlisted-");
