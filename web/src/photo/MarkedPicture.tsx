import type { ComponentChildren } from "preact";
import { useState } from "preact/hooks";
import type { Mark } from "../store/records";
import { LocalPicture } from "./LocalPicture";
import { drawnSize, shapeOf, tilesOf } from "./marks";
import type { Size } from "./marks";

/** How the picture fits into its frame: covering it, or as a whole. */
type Fit = "slice" | "meet";

/** Marks over a picture, which must fit into its frame in the same way. */
export function Marks({
  marks,
  size,
  fit,
  children,
}: {
  marks: Mark[];
  size: Size;
  fit: Fit;
  children?: ComponentChildren;
}) {
  const drawn = drawnSize(size);
  return (
    <svg
      class="marks"
      viewBox={`0 0 ${drawn.width} ${drawn.height}`}
      preserveAspectRatio={`xMidYMid ${fit}`}
      aria-hidden="true"
    >
      {/* What is hidden first, so that an arrow may lie over it. */}
      {marks.map((mark) =>
        mark.kind === "blur" ? (
          <g>
            <path class="mark-ground" d={shapeOf(mark, drawn)} />
            <path class="mark-tiles" d={tilesOf(mark, drawn, 0)} />
            <path class="mark-tiles-dark" d={tilesOf(mark, drawn, 1)} />
          </g>
        ) : null,
      )}
      {marks.map((mark) =>
        mark.kind === "blur" ? null : (
          <g>
            <path class="mark-edge" d={shapeOf(mark, drawn)} />
            <path class="mark-line" d={shapeOf(mark, drawn)} />
          </g>
        ),
      )}
      {children}
    </svg>
  );
}

/** A preview from the device's storage with its marks, and `children` once it is shown. */
export function MarkedPicture({
  id,
  alt,
  marks = [],
  fit = "slice",
  onOpen,
  children,
}: {
  id: string;
  alt: string;
  marks?: Mark[] | undefined;
  fit?: Fit;
  /** Enlarges it, once there is something to see. */
  onOpen?: () => void;
  children?: ComponentChildren;
}) {
  const [size, setSize] = useState<Size | null>(null);
  const picture = (
    <>
      <LocalPicture id={id} alt={alt} onShown={setSize} />
      {size && marks.length > 0 ? <Marks marks={marks} size={size} fit={fit} /> : null}
    </>
  );
  return (
    <>
      {onOpen ? (
        <button type="button" class="photo-open" disabled={size === null} onClick={onOpen}>
          {picture}
        </button>
      ) : (
        picture
      )}
      {size ? children : null}
    </>
  );
}
