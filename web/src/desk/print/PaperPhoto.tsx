import { useState } from "preact/hooks";
import { photoUrl } from "../../api/photos";
import { t } from "../../texts";
import type { SheetPhoto } from "./sheet";

/** A photo on paper. It is loaded at once, because paper also shows what is outside the screen. */
export function PaperPhoto({ photo, alt, variant }: { photo: SheetPhoto; alt: string; variant: "thumb" | "view" }) {
  const [attempt, setAttempt] = useState(0);
  const [isLost, setLost] = useState(false);
  if (!photo.hasPreview) return <span class="paper-lost">{t("photo.noPreview")}</span>;
  if (isLost)
    return (
      <span class="paper-lost">
        {t("photo.notLoaded")}
        <button
          type="button"
          class="button no-print"
          onClick={() => {
            setLost(false);
            setAttempt(attempt + 1);
          }}
        >
          {t("photo.reload")}
        </button>
      </span>
    );
  return (
    <img key={attempt} src={photoUrl(photo.id, variant)} alt={alt} loading="eager" onError={() => setLost(true)} />
  );
}
