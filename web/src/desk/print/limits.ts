// How much one print may have. Source: our choice; each notice has photos, and what was chosen is read one by one.
export const NOTICES_MAX = 100;
export const CHOSEN_ROWS_MAX = 200;
/** Rows of a list by filters: forty pages without photos. */
export const FILTERED_ROWS_MAX = 1_000;
