import type { Severity } from "./api/types";
import { keysOf } from "./keysOf";

/** Every severity of the contract, from the least. */
export const SEVERITY_TONES: Record<Severity, string> = { low: "", medium: "tone-warn", high: "tone-danger" };
export const SEVERITIES = keysOf(SEVERITY_TONES);
