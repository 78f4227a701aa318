// Settings of the service.
import { getItems } from "./items";
import { request } from "./request";
import type { Schemas } from "./types";

export type Setting = Schemas["SettingView"];

export const listSettings = (): Promise<Setting[]> => getItems("/settings/fields");

export const changeSettings = async (body: Record<string, unknown>): Promise<void> => {
  await request<unknown>("/settings", { method: "PATCH", body });
};
