import { useEffect, useState } from "preact/hooks";
import { photoUrl } from "../api/photos";
import { entries } from "../outbox/drain";
import { readPicture } from "../store/cache";
import { readPhoto } from "../store/originals";
import { t } from "../texts";

type Looks = { kind: "loading" } | { kind: "ok"; src: string } | { kind: "none" } | { kind: "failed" };

/** A picture of the service, else the cached copy, else why there is none. */
export function Picture({
  id,
  variant,
  alt,
  hasPreview = true,
}: {
  id: string;
  variant: "thumb" | "view";
  alt: string;
  hasPreview?: boolean;
}) {
  const [looks, setLooks] = useState<Looks>({ kind: "loading" });
  const [attempt, setAttempt] = useState(0);
  useEffect(() => {
    setLooks(hasPreview ? { kind: "ok", src: photoUrl(id, variant) } : { kind: "none" });
  }, [id, variant, hasPreview, attempt]);

  async function fallBack() {
    if (looks.kind === "ok" && looks.src.startsWith("blob:")) return setLooks({ kind: "none" });
    const kept =
      (await readPicture(`${id}/${variant}`).catch(() => undefined)) ??
      (await readPicture(`${id}/view`).catch(() => undefined));
    if (kept) return setLooks({ kind: "ok", src: URL.createObjectURL(new Blob([kept.bytes], { type: kept.type })) });
    // Other accounts on this phone must not see what was blurred before sending.
    const isMine = entries.value.some(({ photos }) => photos.some((photo) => photo.id === id));
    const own = isMine ? await readPhoto(id).catch(() => undefined) : undefined;
    if (own?.preview)
      return setLooks({ kind: "ok", src: URL.createObjectURL(new Blob([own.preview], { type: "image/jpeg" })) });
    return setLooks({ kind: "failed" });
  }

  if (looks.kind === "ok")
    return <img src={looks.src} alt={alt} loading="lazy" decoding="async" onError={() => void fallBack()} />;
  if (looks.kind === "loading") return <span class="photo-note" />;
  return (
    <span class="photo-note">
      {looks.kind === "none" ? (
        t("photo.noPreview")
      ) : variant === "thumb" ? (
        t("photo.notLoaded")
      ) : (
        <button type="button" class="button" onClick={() => setAttempt(attempt + 1)}>
          {t("photo.reload")}
        </button>
      )}
    </span>
  );
}

/** Caches these pictures for use without a network, as many as the network allows. */
export async function keepPictures(ids: string[]): Promise<void> {
  const { connection } = navigator as { connection?: object };
  const part = await import("../upkeep/pictures").catch(() => null);
  await part?.keepPictures(ids, Date.now(), connection);
}
