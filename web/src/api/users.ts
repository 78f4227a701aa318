// Accounts.
import { getItems } from "./items";
import { get, request } from "./request";
import type { Schemas } from "./types";

export type User = Schemas["UserView"];

export const listUsers = (): Promise<User[]> => getItems("/users");

export const readUser = async (id: string): Promise<User> => (await get<User>(`/users/${id}`)).body;

export const createUser = async (body: Schemas["NewUserBody"]): Promise<Schemas["NewUserView"]> =>
  (await request<Schemas["NewUserView"]>("/users", { method: "POST", body })).body;

export const changeUser = async (id: string, body: Schemas["UserChangeBody"]): Promise<User> =>
  (await request<User>(`/users/${id}`, { method: "PATCH", body })).body;

export const resetPassword = async (id: string): Promise<string> =>
  (await request<Schemas["DrawnPassword"]>(`/users/${id}/password`, { method: "POST" })).body.password;
