// What every phone keeps of the county.
import { get } from "./request";
import type { ApiResponse } from "./request";
import type { Reference } from "./types";

export const readReference = (etag?: string): Promise<ApiResponse<Reference>> => get<Reference>("/reference", etag);
