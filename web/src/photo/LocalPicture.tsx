import { useEffect, useState } from "preact/hooks";
import { previewOf } from "./preview";
import { t } from "../texts";

/** A preview from the device's storage; reports its size when it is shown. */
export function LocalPicture({
  id,
  alt,
  onShown,
}: {
  id: string;
  alt: string;
  onShown?: (size: { width: number; height: number }) => void;
}) {
  const [src, setSrc] = useState<string | null | undefined>(undefined);
  useEffect(() => {
    let url: string | null = null;
    let isCurrent = true;
    void previewOf(id).then((preview) => {
      if (!isCurrent) return;
      url = preview && URL.createObjectURL(new Blob([preview], { type: "image/jpeg" }));
      setSrc(url);
    });
    return () => {
      isCurrent = false;
      if (url) URL.revokeObjectURL(url);
    };
  }, [id]);
  if (src === undefined) return <span class="photo-note" />;
  return src === null ? (
    <span class="photo-note">{t("photo.savedNoPreview")}</span>
  ) : (
    <img
      src={src}
      alt={alt}
      onLoad={({ currentTarget: { naturalWidth: width, naturalHeight: height } }) => onShown?.({ width, height })}
    />
  );
}
