// Named lists, shared in the office.
import { getItems } from "./items";
import { request } from "./request";
import type { Schemas } from "./types";

export type SavedView = Schemas["SavedViewView"];

/** All of them, by name. */
export const listSavedViews = (): Promise<SavedView[]> => getItems("/saved-views");

/** Names a list under an id of one's own, or changes it. The same again changes nothing. */
export const putSavedView = async (id: string, name: string, query: string): Promise<SavedView> =>
  (await request<SavedView>(`/saved-views/${id}`, { method: "PUT", body: { name, query } })).body;

/** Removes it for all; one that is not there is removed already. */
export const removeSavedView = async (id: string): Promise<void> => {
  await request<void>(`/saved-views/${id}`, { method: "DELETE" });
};
