// Places that would overlap on the map are drawn as one mark.
import type { Location } from "../../api/types";
import { METRES_PER_DEGREE } from "../../map/view";
import type { View } from "../../map/view";

/** Marks nearer than this become one, in pixels. Source: app plan §8. */
export const CLUSTER_PX = 40;

export interface Spot {
  id: string;
  location: Location;
  open: number;
  late: number;
}
export interface Cluster {
  location: Location;
  spots: Spot[];
  open: number;
  late: number;
}

/**
 * Clusters spots, the most urgent first. Only the zoom matters, not the position of the view, so marks do not jump
 * while the map is moved. The spot `apart` stays alone.
 */
export function clustersOf(spots: Spot[], view: View, apart: string | null = null): Cluster[] {
  const cell = CLUSTER_PX * view.metresPerPixel;
  const metres = ({ lon, lat }: Location): [number, number] => [
    lon * METRES_PER_DEGREE * view.shrink,
    lat * METRES_PER_DEGREE,
  ];
  const found: (Cluster & { at: [number, number] })[] = [];
  const byCell = new Map<string, number[]>();
  const byNeed = [...spots].sort((a, b) => b.late - a.late || b.open - a.open || (a.id < b.id ? -1 : 1));
  for (const spot of byNeed) {
    const at = metres(spot.location);
    const [column, row] = at.map((value) => Math.floor(value / cell)) as [number, number];
    const near =
      spot.id === apart
        ? undefined
        : around(column, row)
            .flatMap((key) => byCell.get(key) ?? [])
            .map((index) => found[index])
            .find((one) => one && Math.hypot(one.at[0] - at[0], one.at[1] - at[1]) < cell);
    if (near) {
      near.spots.push(spot);
      near.open += spot.open;
      near.late += spot.late;
    } else {
      found.push({ at, location: spot.location, spots: [spot], open: spot.open, late: spot.late });
      if (spot.id !== apart)
        byCell.set(`${column},${row}`, [...(byCell.get(`${column},${row}`) ?? []), found.length - 1]);
    }
  }
  return found.map(({ at: _, ...cluster }) => cluster);
}

const around = (column: number, row: number): string[] =>
  [-1, 0, 1].flatMap((dx) => [-1, 0, 1].map((dy) => `${column + dx},${row + dy}`));
