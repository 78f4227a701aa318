// Logging in and out.
import { request } from "./request";
import type { Me, Schemas } from "./types";

type SignedIn = Schemas["SignedInView"];

export async function login(username: string, password: string): Promise<SignedIn> {
  return (
    await request<SignedIn>("/sessions", {
      method: "POST",
      body: { username, password },
      account: null,
      keepSession: true,
    })
  ).body;
}

/** Ends the session of that account, and not that of somebody who has logged in since. */
export async function logout(account: string | null): Promise<void> {
  await request<void>("/sessions/current", { method: "DELETE", account, keepSession: true });
}

/** The account that is logged in. */
export const readMe = async (): Promise<Me> => (await request<Me>("/me", { account: null })).body;
