// Queries are built from the parameters of the contract: a parameter that it does not have does not compile.
import type { Schemas } from "./types";

/** The parameters of each GET that has any. */
type Queries = Required<Schemas["Queries"]>;
/** Parameters of one of them; what is empty is left out. */
export type Query<P extends keyof Queries> = { [N in keyof Queries[P]]?: Queries[P][N] | null | undefined };
export type IssueQuery = Query<"/issues">;

/** For a query of the types above. */
export function encodeQuery(query: object): string {
  return Object.entries(query)
    .filter(([, value]) => (value ?? "") !== "")
    .map(([name, value]) => `${name}=${encodeURIComponent(String(value))}`)
    .join("&");
}

export const issueQuery: (query: IssueQuery) => string = encodeQuery;
