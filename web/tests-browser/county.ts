// A county without random parts: the sheets of src/seed/data, on a fixed morning.
import { execFileSync } from "node:child_process";
import { existsSync, mkdtempSync, readdirSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join, resolve } from "node:path";
import { startProxy } from "./proxy";
import { binaryPath, callsOf, PASSWORD, startBinary } from "./service";
import type { Service } from "./service";

/** A Tuesday, ten past nine in the county. */
export const MORNING = new Date("2026-11-24T01:10:10Z");
/** The service's clock runs on from early enough for the events before. */
const FAKETIME = "@2026-11-24 01:09:10";

const SHEETS = { units: "units", points: "points", users: "people", duties: "duties" };

const LIBRARIES = "/usr/lib";

/** libfaketime, which sets the service's clock; `null` if it is not installed. */
export function faketime(): string | undefined {
  const folders = existsSync(LIBRARIES)
    ? readdirSync(LIBRARIES).map((name) => join(LIBRARIES, name, "faketime", "libfaketimeMT.so.1"))
    : [];
  return folders.find((path) => existsSync(path));
}

export async function startCounty(): Promise<{ service: Service; stop: () => Promise<void> }> {
  const data = mkdtempSync(join(tmpdir(), "anfang-county-"));
  const passwords = new Map<string, string>();
  for (const [kind, sheet] of Object.entries(SHEETS)) {
    const said = execFileSync(
      binaryPath(),
      ["import", "--data", data, kind, resolve("..", "src", "seed", "data", `${sheet}.csv`)],
      { encoding: "utf8", stdio: ["ignore", "pipe", "pipe"] },
    );
    if (kind === "users")
      for (const line of said.split("\n"))
        passwords.set(line.slice(0, line.indexOf(",")), line.slice(line.indexOf(",") + 1).trim());
  }
  const { origin, stop: stopBinary } = await startBinary(["serve", "--listen", "127.0.0.1:0", "--data", data], {
    LD_PRELOAD: faketime() ?? "",
    FAKETIME,
    FAKETIME_DONT_FAKE_MONOTONIC: "1",
    TZ: "UTC",
  });
  for (const user of ["inspector01", "inspector02", "office01", "office02", "unit01"]) {
    const first = passwords.get(user) ?? "";
    const json = { "Content-Type": "application/json" };
    const { token } = (await (
      await fetch(`${origin}/api/v1/sessions`, {
        method: "POST",
        headers: json,
        body: JSON.stringify({ username: user, password: first }),
      })
    ).json()) as { token: string };
    await fetch(`${origin}/api/v1/me/password`, {
      method: "PUT",
      headers: { ...json, Authorization: `Bearer ${token}` },
      body: JSON.stringify({ old_password: first, new_password: PASSWORD }),
    });
  }
  const proxy = await startProxy(origin);
  proxy.fixDate(MORNING);
  const stop = async () => {
    await proxy.close();
    await stopBinary();
    rmSync(data, { recursive: true, force: true });
  };
  return {
    service: { app: proxy.url, proxy, data, ...callsOf(origin, () => new Date(MORNING.getTime() - 60_000)) },
    stop,
  };
}
