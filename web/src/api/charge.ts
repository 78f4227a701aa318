// Who answers for units, and which county leaders are paired with what.
import { getItems } from "./items";
import { request } from "./request";
import type { Schemas } from "./types";

export type Duty = Schemas["UnitDuty"];
export type UnitPerson = Schemas["UnitPersonView"];
export type InCharge = Schemas["InChargeView"];
export type Leader = Schemas["LeaderView"];
export type Pairing = Schemas["PairingView"];
export type PairingBody = Schemas["PairingBody"];

/** Who is in charge of each unit now, or is going to be. */
export const listInCharge = (): Promise<InCharge[]> => getItems("/unit-people");

/** Everybody who was, is or will be in charge of a unit. */
export const listPeople = (unit: string): Promise<UnitPerson[]> => getItems(`/units/${unit}/people`);

/** Notes who has a duty from a day on; an empty name means nobody. */
export const putPerson = async (
  unit: string,
  duty: Duty,
  from: string,
  body: Schemas["UnitPersonBody"],
): Promise<void> => {
  await request<unknown>(`/units/${unit}/people/${duty}/${from}`, { method: "PUT", body });
};

export const listLeaders = (): Promise<Leader[]> => getItems("/leaders");
export const listPairings = (): Promise<Pairing[]> => getItems("/pairings");

/** Keeps a pairing under an id of one's own, or changes it. */
export const putPairing = async (id: string, body: PairingBody): Promise<void> => {
  await request<Pairing>(`/pairings/${id}`, { method: "PUT", body });
};

/** Withdraws a pairing that has not begun. */
export const removePairing = async (id: string): Promise<void> => {
  await request<void>(`/pairings/${id}`, { method: "DELETE" });
};
