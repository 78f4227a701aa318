import { get } from "./request";

/** The members of a response that is a list. Only pages for a desk need it. */
export const getItems = async <T>(path: string): Promise<T[]> => (await get<{ items: T[] }>(path)).body.items;
