// A device with no room left: the browser's own quota, filled up.
import type { Page } from "@playwright/test";
import type { Service } from "./service";

/** Sets the browser's real storage quota. */
export async function roomOf(page: Page, service: Service): Promise<(bytes: number) => Promise<void>> {
  const session = await page.context().newCDPSession(page);
  return async (bytes) => {
    await session.send("Storage.overrideQuotaForOrigin", { origin: service.app, quotaSize: bytes });
  };
}
export const [LITTLE, PLENTY] = [8 * 1024 * 1024, 500 * 1024 * 1024];

/** Fills the remaining storage with other data. */
export const fill = (page: Page) =>
  page.evaluate(
    () =>
      new Promise<void>((resolve, reject) => {
        const open = indexedDB.open("filler");
        open.onupgradeneeded = () => open.result.createObjectStore("junk", { autoIncrement: true });
        open.onerror = () => (open.error?.name === "QuotaExceededError" ? resolve() : reject(open.error));
        open.onsuccess = () => {
          const more = (size: number) => {
            if (size < 64) {
              open.result.close();
              return resolve();
            }
            const tx = open.result.transaction("junk", "readwrite", { durability: "strict" });
            // Random, so that it cannot be compressed.
            const bytes = new Uint8Array(size);
            for (let at = 0; at < size; at += 65_536) crypto.getRandomValues(bytes.subarray(at, at + 65_536));
            tx.objectStore("junk").add(bytes);
            tx.oncomplete = () => more(size);
            tx.onabort = () => more(size / 4);
          };
          more(256 * 1024);
        };
      }),
  );
