// Fetches previews, to keep them for use without a network.
import { Failure, failureOf } from "./failure";
import { accountHeader, BASE } from "./request";

/** The bytes of a preview. */
export async function pictureBytes(path: string): Promise<{ bytes: ArrayBuffer; type: string }> {
  let response: Response;
  try {
    response = await fetch(BASE + path, { credentials: "same-origin", headers: accountHeader() });
  } catch {
    throw new Failure("offline");
  }
  if (!response.ok) throw failureOf(response.status, await response.text(), null);
  return { bytes: await response.arrayBuffer(), type: response.headers.get("Content-Type") ?? "image/jpeg" };
}
