// A file of its own, because the first screen only lists drafts.
import { withDatabase } from "./database";
import type { Draft } from "./records";

export const listDrafts = (userId: string): Promise<Draft[]> =>
  withDatabase((db) => db.getAllFromIndex("drafts", "user", userId));
