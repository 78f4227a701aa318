import { signal } from "@preact/signals";

export interface StorageSpace {
  usedBytes: number;
  freeBytes: number;
}

/** Whether the browser has promised not to delete our data; `null` if unknown. */
export const isPersistent = signal<boolean | null>(null);
/**
 * Below the first there is a warning, below the second no photo can be added. Source: our choice, forty and twelve
 * photos of 5 MB.
 */
export const FREE_WARN_BYTES = 200 * 1024 * 1024;
export const FREE_MIN_BYTES = 60 * 1024 * 1024;

export async function requestPersistence(): Promise<void> {
  if (!navigator.storage?.persist) return;
  isPersistent.value = (await navigator.storage.persisted()) || (await navigator.storage.persist());
}

export async function readStorageSpace(): Promise<StorageSpace | null> {
  if (!navigator.storage?.estimate) return null;
  if (navigator.storage.persisted) isPersistent.value = await navigator.storage.persisted();
  const { usage = 0, quota = 0 } = await navigator.storage.estimate();
  return quota === 0 ? null : { usedBytes: usage, freeBytes: quota - usage };
}

export function formatSize(bytes: number): string {
  if (bytes === 0) return "0 KB";
  if (bytes < 1024 * 1024) return `${Math.max(1, Math.round(bytes / 1024))} KB`;
  if (bytes < 1024 ** 3) return `${(bytes / 1024 ** 2).toFixed(1)} MB`;
  return `${(bytes / 1024 ** 3).toFixed(1)} GB`;
}
