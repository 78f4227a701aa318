// Apart from what forms do with drafts: the first screen only names them.
import { withDatabase } from "./database";
import type { Draft } from "./records";

export const listDrafts = (userId: string): Promise<Draft[]> =>
  withDatabase((db) => db.getAllFromIndex("drafts", "user", userId));
