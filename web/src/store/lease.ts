import { write } from "./database";

interface Lease {
  holder: string;
  until: number;
}

/** How long a lease lasts if it is not renewed: a dead page blocks others no longer. Source: our choice. */
export const LEASE_MS = 30_000;
const keyOf = (name: string): string => `lease/${name}`;

/** Takes or renews it; `false` while somebody else has it. */
export const takeLease = (name: string, holder: string, now: number): Promise<boolean> =>
  write(["meta"], async (tx) => {
    const store = tx.objectStore("meta");
    const lease = (await store.get(keyOf(name))) as Lease | undefined;
    // A lease that ends too late was taken before the clock was set back.
    if (lease && lease.holder !== holder && lease.until > now && lease.until - now <= LEASE_MS) return false;
    await store.put({ holder, until: now + LEASE_MS }, keyOf(name));
    return true;
  });

export const releaseLease = (name: string, holder: string): Promise<void> =>
  write(["meta"], async (tx) => {
    const store = tx.objectStore("meta");
    if (((await store.get(keyOf(name))) as Lease | undefined)?.holder === holder) await store.delete(keyOf(name));
  });
