/** The contents of version 1's stores. */
export interface FirstVersion {
  meta?: [string, unknown][];
  drafts?: unknown[];
  outbox?: unknown[];
  photos?: unknown[];
  chunks?: [[string, number], ArrayBuffer][];
}

/**
 * Makes the database as the app of version 1 made it, and leaves it open. It never changes: this is what phones hold.
 * It stands alone, so that it can be run in a page.
 */
export function openFirstVersion(factory: IDBFactory, content: FirstVersion): Promise<IDBDatabase> {
  return new Promise((resolve, reject) => {
    const request = factory.open("anfang", 1);
    request.onupgradeneeded = () => {
      const db = request.result;
      db.createObjectStore("meta");
      db.createObjectStore("drafts", { keyPath: "id" }).createIndex("user", "userId");
      db.createObjectStore("outbox", { keyPath: "id" }).createIndex("user", "userId");
      db.createObjectStore("photos", { keyPath: "id" });
      db.createObjectStore("chunks");
      db.createObjectStore("answers");
      db.createObjectStore("pictures");
    };
    request.onerror = () => reject(request.error);
    request.onsuccess = () => {
      const tx = request.result.transaction(["meta", "drafts", "outbox", "photos", "chunks"], "readwrite");
      for (const [key, value] of content.meta ?? []) tx.objectStore("meta").put(value, key);
      for (const draft of content.drafts ?? []) tx.objectStore("drafts").put(draft);
      for (const entry of content.outbox ?? []) tx.objectStore("outbox").put(entry);
      for (const photo of content.photos ?? []) tx.objectStore("photos").put(photo);
      for (const [key, bytes] of content.chunks ?? []) tx.objectStore("chunks").put(bytes, key);
      tx.onabort = () => reject(tx.error);
      tx.oncomplete = () => resolve(request.result);
    };
  });
}
