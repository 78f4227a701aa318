// A draft that is saved before anything can happen to it.
import { useEffect, useRef, useState } from "preact/hooks";
import type { PhotoView } from "../api/types";
import { makePreview, PhotoRefused, readPhotoFile } from "../photo/readPhotoFile";
import type { PhotoFault } from "../photo/readPhotoFile";
import { goInstead, link } from "../router";
import { addPhoto, DraftFinished, findDraft, removePhoto, withoutPhoto, withPhoto, writeDraft } from "../store/drafts";
import { beforeClose } from "../store/database";
import { keepPreview } from "../store/originals";
import { closeOpen } from "../store/openDraft";
import type { Draft } from "../store/records";

/** Pause after the last key before the draft is written. Source: ui.md §6. */
const WRITE_AFTER_MS = 300;

/** Writes that are not finished yet, by draft. They outlive the form, which may be closed and opened again. */
const pendingWrites = new Map<string, Set<Promise<unknown>>>();
function trackWrite(id: string, work: Promise<unknown>): void {
  const ended = work.catch(() => undefined);
  const all = pendingWrites.get(id) ?? new Set();
  pendingWrites.set(id, all.add(ended));
  void ended.then(() => {
    if (all.delete(ended) && all.size === 0) pendingWrites.delete(id);
  });
}
const writesDone = (id: string): Promise<unknown> => Promise.all(pendingWrites.get(id) ?? []);

export interface DraftHandle<D extends Draft> {
  draft: D;
  /** Whether it was found on the device, not started now. */
  isRestored: boolean;
  update: (change: (draft: D) => D) => void;
  /**
   * Saves now and returns the draft when all writes are finished. Call it before the camera opens, because that may
   * kill the page.
   */
  flush: () => Promise<D | null>;
  addFile: (file: File, view: PhotoView) => Promise<void>;
  remove: (photoId: string) => Promise<void>;
  /** Increases when a preview has been made. */
  previews: number;
  /** The device refused to keep something. */
  storeFailure: string | null;
  /** Why the last file was not taken: the service would not take it either. */
  photoFault: PhotoFault | null;
}

/** Opens the draft with this id, or starts it with `begin`; `null` while it is being read. */
export function useDraft<D extends Draft>(id: string, begin: () => D, address: string): DraftHandle<D> | null {
  const [draft, setDraft] = useState<D | null>(null);
  const [isRestored, setRestored] = useState(false);
  const [previews, setPreviews] = useState(0);
  const [storeFailure, setStoreFailure] = useState<string | null>(null);
  const [photoFault, setPhotoFault] = useState<PhotoFault | null>(null);
  const latest = useRef<D | null>(null);
  const isDirty = useRef(false);
  const timer = useRef<ReturnType<typeof setTimeout> | undefined>(undefined);
  /** A write after the form was closed must not mark it as open again. */
  const isOpen = useRef(true);
  const [unreadable, setUnreadable] = useState<unknown>(null);

  function take(next: D) {
    latest.current = next;
    setDraft(next);
  }

  useEffect(() => {
    let isCurrent = true;
    const fresh = begin();
    void writesDone(id)
      .then(() => findDraft(id, fresh.userId))
      .then(
        (kept) => {
          if (!isCurrent) return;
          // The address belongs to somebody else's draft on this phone.
          if (kept === "others") return goInstead("#/");
          if (kept === "finished") return goInstead(link("outbox"));
          setRestored(kept !== undefined);
          take((kept as D | undefined) ?? fresh);
          // Marks the form as open, because the camera may be opened next.
          if (kept) void writeDraft(kept, address).catch(() => undefined);
          // The draft still exists, and an empty form would overwrite it.
        },
        (cause: unknown) => {
          if (isCurrent) setUnreadable(cause ?? new Error("unreadable"));
        },
      );
    return () => {
      isCurrent = false;
    };
  }, [id]);

  async function flush() {
    clearTimeout(timer.current);
    await writesDone(id);
    const now = latest.current;
    if (now === null || !isDirty.current) return now;
    isDirty.current = false;
    // A failed write is repeated with the next one.
    if (!(await trySave(() => writeDraft(now, isOpen.current ? address : null)))) isDirty.current = true;
    return latest.current;
  }

  /** Returns whether it succeeded; a failure is shown on the page. */
  async function trySave(work: () => Promise<void>): Promise<boolean> {
    try {
      await work();
      setStoreFailure(null);
      return true;
    } catch (cause) {
      if (cause instanceof PhotoRefused) setPhotoFault(cause.fault);
      // It was sent from another window meanwhile, so show it in the outbox.
      else if (cause instanceof DraftFinished) {
        if (isOpen.current) goInstead(link("outbox"));
      } else setStoreFailure(cause instanceof Error ? cause.name : "unknown");
      return false;
    }
  }

  function update(change: (draft: D) => D) {
    if (latest.current === null) return;
    take({ ...change(latest.current), updatedAt: Date.now() });
    isDirty.current = true;
    clearTimeout(timer.current);
    timer.current = setTimeout(() => void flush(), WRITE_AFTER_MS);
  }

  useEffect(() => {
    isOpen.current = true;
    const leave = () => void flush();
    const hide = () => {
      if (document.visibilityState === "hidden") leave();
    };
    addEventListener("pagehide", leave);
    const forget = beforeClose(flush);
    document.addEventListener("visibilitychange", hide);
    return () => {
      removeEventListener("pagehide", leave);
      forget();
      document.removeEventListener("visibilitychange", hide);
      isOpen.current = false;
      const left = flush();
      trackWrite(
        id,
        left.then((draft) => draft && closeOpen(draft.id)),
      );
    };
  }, [id]);

  function addFile(file: File, view: PhotoView): Promise<void> {
    const adding = add(file, view);
    trackWrite(id, adding);
    return adding;
  }

  async function add(file: File, view: PhotoView) {
    if (latest.current === null) return;
    setPhotoFault(null);
    const owner = latest.current.id;
    await trySave(async () => {
      const { ref, stored, bytes } = await readPhotoFile(file, owner, view, Date.now());
      if (latest.current === null) return;
      await addPhoto(latest.current, ref, { ...stored, preview: null }, bytes, isOpen.current ? address : null);
      // Text that was typed meanwhile stays, and is saved by its own timer.
      take({ ...withPhoto(latest.current, ref), updatedAt: Date.now() });
      // The photo is saved. Its preview may take longer, and nothing waits for it.
      void showPreview(ref.id, new Blob([bytes], { type: stored.type })).catch(() => undefined);
    });
  }

  async function showPreview(photoId: string, original: Blob) {
    const preview = await makePreview(original);
    if (preview) await keepPreview(photoId, preview);
    setPreviews((count) => count + 1);
  }

  async function remove(photoId: string) {
    if (latest.current === null) return;
    await trySave(async () => {
      if (latest.current === null) return;
      await removePhoto(latest.current, photoId);
      take({ ...withoutPhoto(latest.current, photoId), updatedAt: Date.now() });
    });
  }

  // The error boundary shows that nothing was lost.
  if (unreadable !== null) throw unreadable;
  return draft === null
    ? null
    : { draft, isRestored, update, flush, addFile, remove, previews, storeFailure, photoFault };
}
