import type { zhInspector } from "../zh/inspector";

/** Words of an inspector's start page. */
export const enInspector: Record<keyof typeof zhInspector, string> = {
  "points.install": "Add it to the home screen to open it without a network",
  "points.installHow": "How",
  "visit.sudden": "Sudden visit",
  "place.navigate": "Route",
  "points.title": "Points nearby",
  "points.noPosition": "No position; sorted by code",
  "points.more": "{count} more; search for them",
  "points.asOf": "Points as of {at}",
  "tasks.todo": "To do: {what}",
  "place.metres": "{metres} m",
  "place.kilometres": "{kilometres} km",
  "tasks.title": "For me ({count})",
};
