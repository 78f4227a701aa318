// The first day of a county.
import { getItems } from "./items";
import { get, request } from "./request";
import type { Schemas } from "./types";

export type Checklist = Schemas["ChecklistView"];
export type SetupStep = Schemas["SetupStep"];
export type StarterSet = Schemas["StarterSetView"];

/** Whether there is no account yet; where the service does not say, it is as if there were none. */
export const isSetupNeeded = (): Promise<boolean> =>
  get<Schemas["SetupView"]>("/setup").then(
    (answer) => answer.body.needed,
    () => true,
  );

export const createFirstAccount = async (body: Schemas["FirstAccountBody"]): Promise<void> => {
  await request<unknown>("/setup", { method: "POST", body, account: null, keepSession: true });
};

export const readChecklist = async (): Promise<Checklist> => (await get<Checklist>("/setup/checklist")).body;

export const markStep = async (step: SetupStep, mark: Schemas["MarkBody"]["mark"]): Promise<Checklist> =>
  (await request<Checklist>(`/setup/checklist/${step}`, { method: "PUT", body: { mark: mark ?? null } })).body;

export const listStarters = (): Promise<StarterSet[]> => getItems("/setup/starters");

export const loadStarters = async (campaigns: string[]): Promise<void> => {
  await request<unknown>("/setup/starters", { method: "POST", body: { campaigns } });
};
