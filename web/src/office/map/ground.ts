// The ground under the marks: tiles of the county's network, and its own picture upon them. Without either it is plain.
import { signal } from "@preact/signals";
import gcoord from "gcoord";
import { get, BASE } from "../../api/request";
import type { Location, Schemas } from "../../api/types";
import { useCached } from "../../ui/useCached";
import type { Piece } from "../../map/draw";
import { toLocation } from "../../map/view";
import type { View } from "../../map/view";

export type Ground = Schemas["MapView"];
type Crs = Schemas["Crs"];
type Tiles = Schemas["TilesView"];
/** A piece of the ground that may still have to come. */
export type Wanted = Omit<Piece, "picture"> & { url: string };

/** Side of a tile. Source: the XYZ convention. */
export const TILE_PX = 256;
/** Most tiles of one drawing; a wall of screens has fewer. Source: our choice. */
const TILES_MAX = 160;
/** Pictures that are kept to be drawn again. Source: our choice. */
const PICTURES_MAX = 320;

/** Where degrees of a map are in WGS-84, in which all else is counted. CGCS2000 is within a metre of it. */
export function toWgs84(crs: Crs, lon: number, lat: number): Location {
  if (crs !== "gcj02") return { lon, lat };
  const [east, north] = gcoord.transform([lon, lat], gcoord.GCJ02, gcoord.WGS84);
  return { lon: east, lat: north };
}

function fromWgs84(crs: Crs, { lon, lat }: Location): [number, number] {
  return crs === "gcj02" ? (gcoord.transform([lon, lat], gcoord.WGS84, gcoord.GCJ02) as [number, number]) : [lon, lat];
}

export const imageUrl = (sha256: string): string => `${BASE}/map/image?of=${sha256.slice(0, 16)}`;

export function imagePiece(
  image: Pick<Schemas["MapImageView"], "corners" | "crs" | "width" | "height">,
  url: string,
): Wanted {
  const [upperLeft, upperRight, , lowerLeft] = image.corners.map(([lon, lat]) =>
    toWgs84(image.crs, lon ?? 0, lat ?? 0),
  );
  return {
    url,
    corners: [upperLeft, upperRight, lowerLeft] as Piece["corners"],
    width: image.width,
    height: image.height,
  };
}

/** The tiles that cover the view, at the zoom that comes nearest to its pixels. */
export function tilePieces(tiles: Tiles, view: View, width: number, height: number, ratio: number): Wanted[] {
  const [west, north] = fromWgs84(tiles.crs, toLocation(view, { x: 0, y: 0 }, width, height));
  const [east, south] = fromWgs84(tiles.crs, toLocation(view, { x: width, y: height }, width, height));
  // Source: the web Mercator scheme (EPSG:3857), 2 πr cos φ metres round the earth on 256·2^z pixels.
  const wanted = Math.log2((156_543.034 * view.shrink) / (view.metresPerPixel / ratio));
  const zoom = Math.min(tiles.zoom_max, Math.max(tiles.zoom_min, Math.round(wanted)));
  const count = 2 ** zoom;
  const column = (lon: number) => ((lon + 180) / 360) * count;
  const row = (lat: number) => ((1 - Math.asinh(Math.tan((lat * Math.PI) / 180)) / Math.PI) / 2) * count;
  const corner = (x: number, y: number) =>
    toWgs84(
      tiles.crs,
      (x / count) * 360 - 180,
      (Math.atan(Math.sinh(Math.PI * (1 - (2 * y) / count))) * 180) / Math.PI,
    );
  const [left, right] = [Math.floor(column(west)), Math.floor(column(east))];
  const [top, bottom] = [
    Math.max(0, Math.floor(row(Math.min(85, north)))),
    Math.min(count - 1, Math.floor(row(Math.max(-85, south)))),
  ];
  if ((right - left + 1) * (bottom - top + 1) > TILES_MAX) return [];
  const pieces: Wanted[] = [];
  for (let y = top; y <= bottom; y += 1) {
    for (let x = left; x <= right; x += 1) {
      const url = tiles.template
        .replace("{z}", String(zoom))
        .replace("{x}", String(((x % count) + count) % count))
        .replace("{y}", String(y));
      pieces.push({
        url,
        corners: [corner(x, y), corner(x + 1, y), corner(x, y + 1)],
        width: TILE_PX,
        height: TILE_PX,
      });
    }
  }
  return pieces;
}

/** Grows when a picture has come, so that maps draw again. */
export const picturesCome = signal(0);
/** A piece of the ground that was asked for did not come. */
export const isGroundMissing = signal(false);
const pictures = new Map<string, HTMLImageElement>();

/** The picture at this address once it is there; asks for it. */
export function pictureAt(url: string): HTMLImageElement | null {
  const known = pictures.get(url);
  if (known) {
    // The latest used stand last.
    pictures.delete(url);
    pictures.set(url, known);
    return known.complete && known.naturalWidth > 0 ? known : null;
  }
  const picture = new Image();
  picture.onload = () => {
    picturesCome.value += 1;
  };
  picture.onerror = () => {
    isGroundMissing.value = true;
  };
  picture.src = url;
  pictures.set(url, picture);
  for (const old of pictures.keys()) {
    if (pictures.size <= PICTURES_MAX) break;
    pictures.delete(old);
  }
  return null;
}

/** Asks anew for what did not come. */
export function askAgain(): void {
  for (const [url, picture] of pictures) if (picture.complete && picture.naturalWidth === 0) pictures.delete(url);
  isGroundMissing.value = false;
  picturesCome.value += 1;
}

/** Everything to draw under the marks of this view that is there; the rest is asked for. */
export function piecesOf(
  ground: Ground | undefined,
  view: View,
  width: number,
  height: number,
  ratio: number,
  urlOfImage?: string,
): Piece[] {
  if (!ground) return [];
  const tiles = ground.tiles ? tilePieces(ground.tiles, view, width, height, ratio) : [];
  const wanted = ground.image
    ? [...tiles, imagePiece(ground.image, urlOfImage ?? imageUrl(ground.image.sha256))]
    : tiles;
  return wanted.flatMap(({ url, ...piece }) => {
    const picture = pictureAt(url);
    return picture ? [{ ...piece, picture }] : [];
  });
}

export const readGround = async (): Promise<Ground> => (await get<Ground>("/map")).body;

/** What the county's maps are drawn on; draws whoever uses it again when a picture has come. */
export function useGround(): Ground | undefined {
  void picturesCome.value;
  return useCached<Ground>("map/ground", readGround).body;
}
