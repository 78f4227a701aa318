import type { Location } from "../api/types";

/** The place in a map of AMap 高德, which knows WGS-84 and needs no key; a phone opens it in the app of that name. */
export const navigationAddress = ({ name, location }: { name: string; location: Location }): string =>
  `https://uri.amap.com/marker?position=${location.lon},${location.lat}&coordinate=wgs84` +
  `&name=${encodeURIComponent(name)}`;
