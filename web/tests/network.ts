// A simulated network for the app's calls: requests are recorded, responses come from the test.
import { vi } from "vitest";

export interface Asked {
  method: string;
  path: string;
  headers: Record<string, string>;
  body: unknown;
}
export interface Answered {
  status?: number;
  body?: unknown;
  headers?: Record<string, string>;
}

/** Answers every call by `answer`; an exception there is a broken network. */
export function network(answer: (asked: Asked) => Answered | Promise<Answered>): Asked[] {
  const calls: Asked[] = [];
  vi.stubGlobal("fetch", async (url: string, init: RequestInit = {}) => {
    const body = typeof init.body === "string" ? (JSON.parse(init.body) as unknown) : init.body;
    const asked = {
      method: init.method ?? "GET",
      path: url.replace("/api/v1", ""),
      headers: { ...(init.headers as Record<string, string>) },
      body,
    };
    calls.push(asked);
    const { status = 200, body: said, headers = {} } = await answer(asked);
    return new Response(said === undefined ? null : JSON.stringify(said), { status, headers });
  });
  return calls;
}

/** A problem as the service tells one. */
export const problem = (status: number, code: string): Answered => ({
  status,
  body: { type: "about:blank", title: code, status, code, request_id: "r1" },
});

export const broken = (): never => {
  throw new TypeError("Failed to fetch");
};

/** Time after which something will not come any more, in milliseconds: longer than any first pause of the app. */
const COMES_WITHIN_MS = 10_000;

/** Runs pending tasks until the condition holds. */
export async function until(isSo: () => boolean | Promise<boolean>): Promise<void> {
  // A number of rounds would be over sooner than the app's pauses on a fast machine. `Date` may stand still here.
  for (const start = performance.now(); performance.now() - start < COMES_WITHIN_MS; ) {
    if (await isSo()) return;
    await new Promise((resolve) => setImmediate(resolve));
  }
  throw new Error("it never came to be");
}

/** All pending tasks have run. */
export async function quiet(): Promise<void> {
  for (let round = 0; round < 60; round += 1) await new Promise((resolve) => setImmediate(resolve));
}
