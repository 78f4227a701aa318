// A file of its own, because no first screen asks for it.
import { request } from "./request";

export async function changePassword(oldPassword: string, newPassword: string): Promise<void> {
  const body = { old_password: oldPassword, new_password: newPassword };
  await request<void>("/me/password", { method: "PUT", body, keepSession: true });
}
