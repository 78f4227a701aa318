// Headings of the sheet that the meeting screen reads: the county writes them in Chinese, whatever the app's language.

/** The dimensions that come from a sheet, by the headings that name them. */
export const HEADINGS = { economy: "经济发展", governance: "社会治理" } as const;
/** Headings of the column that names the unit. */
export const UNIT_HEADINGS = ["单位名称", "责任单位", "单位", "单位编码", "单位编号", "编码"];
