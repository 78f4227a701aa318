// Printed from docs/generated/openapi.json. Do not edit: npm run generate:api

/** The codes of each facet: a closed set by which lists of issues are filtered. */
export const FACETS = {
  severity: ["low", "medium", "high"],
} as const;
