// The background of the map: tiles of the county's network, and its own picture on top. Plain without either.
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
/** A tile or picture that may not be loaded yet. */
export type Wanted = Omit<Piece, "picture"> & { url: string };

/** Side of a tile. Source: the XYZ convention. */
export const TILE_PX = 256;
/** Maximum number of tiles in one drawing. Source: our choice; more than any screen needs. */
const TILES_MAX = 160;
/** Number of pictures kept in memory. Source: our choice. */
const PICTURES_MAX = 320;

/** Converts coordinates of a map to WGS-84, which everything else uses. CGCS2000 is within a metre of it. */
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

/** The tiles that cover the view, at the zoom level nearest to its scale. */
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

/** Increases when a picture has loaded, so that maps are drawn again. */
export const picturesCome = signal(0);
/** A tile or picture could not be loaded. */
export const isGroundMissing = signal(false);
const pictures = new Map<string, HTMLImageElement>();

/** The picture at this address if it is loaded; starts loading it otherwise. */
export function pictureAt(url: string): HTMLImageElement | null {
  const known = pictures.get(url);
  if (known) {
    // Least recently used first.
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

/** Loads again what failed. */
export function askAgain(): void {
  for (const [url, picture] of pictures) if (picture.complete && picture.naturalWidth === 0) pictures.delete(url);
  isGroundMissing.value = false;
  picturesCome.value += 1;
}

/** All loaded pictures for this view; the others are requested. */
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

/** The background of the county's maps. Renders again when a picture has loaded. */
export function useGround(): Ground | undefined {
  void picturesCome.value;
  return useCached<Ground>("map/ground", readGround).body;
}
