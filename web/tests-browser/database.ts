// A database of its own for each service: a file, or one in the server that tests/run-with-postgres.sh started.
import { execFileSync } from "node:child_process";
import { randomUUID } from "node:crypto";
import { existsSync, readdirSync } from "node:fs";

export type DatabaseKind = "sqlite" | "postgres";

/** Debian keeps PostgreSQL's programs outside PATH, in a folder for each version. */
function psql(): string {
  const versions = "/usr/lib/postgresql";
  const newest = existsSync(versions)
    ? readdirSync(versions)
        .sort((a, b) => Number(a) - Number(b))
        .pop()
    : undefined;
  const path = `${versions}/${newest ?? ""}/bin/psql`;
  return existsSync(path) ? path : "psql";
}

/** The database URL for the service, and how to drop the database. */
export function openDatabase(kind: DatabaseKind): { flags: string[]; drop: () => void } {
  if (kind === "sqlite") return { flags: [], drop: () => undefined };
  const server = process.env.ANFANG_TEST_POSTGRES_URL;
  if (!server) throw new Error("ANFANG_TEST_POSTGRES_URL must name a server; tests/run-with-postgres.sh starts one");
  const name = `web_${randomUUID().replaceAll("-", "")}`;
  const run = (statement: string) =>
    execFileSync(psql(), ["-qX", "-v", "ON_ERROR_STOP=1", "-d", server, "-c", statement], { stdio: "pipe" });
  run(`CREATE DATABASE ${name}`);
  const url = server.replace(/(:\/\/[^/]*)\/[^?]*/, `$1/${name}`);
  return { flags: ["--database-url", url], drop: () => run(`DROP DATABASE IF EXISTS ${name} WITH (FORCE)`) };
}
