// The pages of batches as a part of the app. Not in parts.ts, which phones load: only the office and discipline ask.
import { part } from "../../ui/part";

export const batches = part(() => import("./BatchesPages").then((module) => module.BatchesPages));
