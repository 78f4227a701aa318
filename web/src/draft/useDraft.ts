// A draft, which is saved before anything else can happen to it.
import { useEffect, useRef, useState } from "preact/hooks";
import type { PhotoView } from "../api/types";
import { PhotoRefused, readPhotoFile } from "../photo/readPhotoFile";
import type { PhotoFault } from "../photo/readPhotoFile";
import { goInstead, link, route } from "../router";
import { addPhoto, DraftFinished, findDraft, readDraft, removePhoto, writeDraft } from "../store/drafts";
import { dropMirror, mirrorDraft, mirrorOf, withMirror } from "../store/draftMirror";
import { isSame, mergedDraft } from "../store/mergeDraft";
import { beforeClose } from "../store/database";
import { closeOpen } from "../store/markOpen";
import type { Draft, PhotoRef } from "../store/records";

/** Pause after the last key before the draft is written. Source: app plan §6. */
const WRITE_AFTER_MS = 300;
/** Longest time that something typed without a pause stays unwritten, and pause before a failed write is repeated. */
const UNWRITTEN_MAX_MS = 1_000;
const AGAIN_AFTER_MS = 3_000;

/** Tells other windows of a draft that was written here. */
const windows = typeof BroadcastChannel === "undefined" ? null : new BroadcastChannel("drafts");

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

type Kept = "text" | "photo";

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
  /**
   * Keeps a photo, and says whether it was kept. With `isMore` it is one of several: what is said of the earlier ones
   * stays. `item` is what it shows of a visit.
   */
  addFile: (file: File, view: PhotoView, isMore?: boolean, fromAlbum?: boolean, item?: string) => Promise<boolean>;
  remove: (photoId: string) => Promise<void>;
  /** What the device refused to keep. */
  storeFailure: Kept | null;
  /** Why the last file was not taken: the service would not take it either. */
  photoFault: PhotoFault | null;
}

/** Opens the draft with this id, or starts it with `begin`; `null` while it is being read. */
export function useDraft<D extends Draft>(id: string, begin: () => D, address: string): DraftHandle<D> | null {
  const [draft, setDraft] = useState<D | null>(null);
  const [isRestored, setRestored] = useState(false);
  const [storeFailure, setStoreFailure] = useState<Kept | null>(null);
  const [photoFault, setPhotoFault] = useState<PhotoFault | null>(null);
  const latest = useRef<D | null>(null);
  /** As it is kept, as far as this window knows. Only what differs from it was changed here. */
  const base = useRef<D | null>(null);
  const isDirty = useRef(false);
  /** When the first change was made that is not written yet. */
  const changedAt = useRef<number | null>(null);
  /** Writes that have begun and not ended: until then the text may be lost. */
  const writing = useRef(0);
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
          const left = mirrorOf(id, fresh.userId);
          base.current = (kept as D | undefined) ?? fresh;
          // Whoever pressed "edit" knows where it comes from.
          setRestored((kept !== undefined || left !== null) && !route.value.query.has("edit"));
          take(left ? (withMirror(kept, left) as D) : base.current);
          isDirty.current = left !== null;
          // Marks the form as open, because the camera may be opened next.
          if (left) void flush();
          else if (kept) void writeDraft(kept, address, kept).catch(() => undefined);
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
    changedAt.current = null;
    if (await trySave("text", now, () => writeDraft(now, isOpen.current ? address : null, base.current ?? now))) {
      if (!isDirty.current) dropMirror(id);
    } else {
      isDirty.current = true;
      // There may be room later.
      if (isOpen.current) timer.current = setTimeout(() => void flush(), AGAIN_AFTER_MS);
    }
    return latest.current;
  }

  function mirror() {
    const [mine, kept] = [latest.current, base.current];
    if (mine && kept && !isSame(mine.fields, kept.fields)) mirrorDraft({ mine, base: kept });
  }

  /** What other windows have changed is shown here, except where this window has changed it since `mine`. */
  function takeOver(kept: D, mine: D) {
    const now = latest.current ?? mine;
    base.current = kept;
    const next = mergedDraft(kept, now, mine);
    if (!isSame(next, now)) take(next);
  }

  async function readAgain() {
    const kept = (await readDraft(id).catch(() => undefined)) as D | undefined;
    if (kept && base.current?.userId === kept.userId) takeOver(kept, base.current);
  }

  /** Returns whether it succeeded; a failure is shown on the page. `mine` is the draft as it was when it began. */
  async function trySave(what: Kept, mine: D, work: () => Promise<D | null>): Promise<boolean> {
    writing.current += 1;
    try {
      const kept = await work();
      if (kept) {
        takeOver(kept, mine);
        windows?.postMessage(id);
      }
      setStoreFailure((old) => (old === what ? null : old));
      return true;
    } catch (cause) {
      if (cause instanceof PhotoRefused) setPhotoFault(cause.fault);
      // It was sent from another window meanwhile, so show it in the outbox.
      else if (cause instanceof DraftFinished) {
        if (isOpen.current) goInstead(link("outbox"));
      } else {
        setStoreFailure(what);
        // There may be room for the text at least.
        mirror();
      }
      return false;
    } finally {
      writing.current -= 1;
    }
  }

  function update(change: (draft: D) => D) {
    if (latest.current === null) return;
    take({ ...change(latest.current), updatedAt: Date.now() });
    isDirty.current = true;
    const now = Date.now();
    changedAt.current ??= now;
    const left = changedAt.current + UNWRITTEN_MAX_MS - now;
    clearTimeout(timer.current);
    // The clock may have been set back.
    timer.current = setTimeout(() => void flush(), Math.max(0, Math.min(WRITE_AFTER_MS, left)));
  }

  useEffect(() => {
    isOpen.current = true;
    const leave = () => {
      // The page may not live to see the end of a write.
      if (isDirty.current || writing.current > 0) mirror();
      void flush();
    };
    const hide = () => {
      if (document.visibilityState === "hidden") leave();
      else void readAgain();
    };
    const hear = ({ data }: MessageEvent) => {
      if (data === id) void readAgain();
    };
    windows?.addEventListener("message", hear);
    addEventListener("pagehide", leave);
    const forget = beforeClose(flush);
    document.addEventListener("visibilitychange", hide);
    return () => {
      removeEventListener("pagehide", leave);
      windows?.removeEventListener("message", hear);
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

  function addFile(
    file: File,
    view: PhotoView,
    isMore = false,
    fromAlbum = false,
    item: string | null = null,
  ): Promise<boolean> {
    const adding = add(file, isMore, view, { ...(fromAlbum ? { fromAlbum } : {}), ...(item ? { item } : {}) });
    trackWrite(id, adding);
    return adding;
  }

  async function add(
    file: File,
    isMore: boolean,
    view: PhotoView,
    more: Pick<PhotoRef, "fromAlbum" | "item">,
  ): Promise<boolean> {
    if (latest.current === null) return false;
    if (!isMore) setPhotoFault(null);
    const mine = latest.current;
    return trySave("photo", mine, async () => {
      const { ref, stored, bytes } = await readPhotoFile(file, mine.id, view, Date.now());
      const photo = { ...stored, preview: null };
      // Text that was typed since stays, and is saved by its own timer.
      const at = isOpen.current ? address : null;
      const kept = await addPhoto(mine, { ...ref, ...more }, photo, bytes, at, base.current ?? mine);
      // Its preview is made where it is shown: nothing waits for it.
      return kept;
    });
  }

  async function remove(photoId: string) {
    const mine = latest.current;
    if (mine) await trySave("photo", mine, () => removePhoto(mine, photoId, base.current ?? mine));
  }

  // The error boundary shows that nothing was lost.
  if (unreadable !== null) throw unreadable;
  return draft === null ? null : { draft, isRestored, update, flush, addFile, remove, storeFailure, photoFault };
}
