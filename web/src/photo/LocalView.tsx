import { useEffect, useState } from "preact/hooks";
import type { Mark } from "../store/records";
import { readOriginal } from "../store/originals";
import { Marks, MarkedPicture } from "./MarkedPicture";
import { SHOWS_UPRIGHT } from "./marks";
import type { Size } from "./marks";

/** A kept photo as large as it is, with its marks; its preview where the browser cannot show the original. */
export function LocalView({ id, alt, marks }: { id: string; alt: string; marks: Mark[] }) {
  const [src, setSrc] = useState<string | null | undefined>(SHOWS_UPRIGHT ? undefined : null);
  const [size, setSize] = useState<Size | null>(null);
  useEffect(() => {
    if (!SHOWS_UPRIGHT) return;
    let url: string | null = null;
    let isCurrent = true;
    readOriginal(id).then(
      (original) => {
        if (!isCurrent) return;
        url = original && URL.createObjectURL(original);
        setSrc(url);
      },
      () => isCurrent && setSrc(null),
    );
    return () => {
      isCurrent = false;
      if (url) URL.revokeObjectURL(url);
    };
  }, [id]);
  if (src === undefined) return <span class="photo-note" />;
  if (src === null) return <MarkedPicture id={id} alt={alt} marks={marks} fit="meet" />;
  return (
    <>
      <img
        src={src}
        alt={alt}
        onLoad={({ currentTarget: { naturalWidth: width, naturalHeight: height } }) => setSize({ width, height })}
        onError={() => setSrc(null)}
      />
      {size && marks.length > 0 ? <Marks marks={marks} size={size} fit="meet" /> : null}
    </>
  );
}
