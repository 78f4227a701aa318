// Codes that a form proposes; the user may change them.

/** The number after the greatest at the end of the codes that begin with `start`, with at least so many digits. */
export function nextCode(codes: string[], start: string, digits: number): string {
  const numbers = codes
    .filter((code) => code.startsWith(start) && /^\d+$/.test(code.slice(start.length)))
    .map((code) => Number(code.slice(start.length)));
  return start + String(Math.max(0, ...numbers) + 1).padStart(digits, "0");
}

/** The area code that most units have; empty where there is none. */
export function usualArea(areas: string[]): string {
  const counts = new Map<string, number>();
  for (const area of areas) counts.set(area, (counts.get(area) ?? 0) + 1);
  return [...counts].sort(([, one], [, other]) => other - one)[0]?.[0] ?? "";
}

/** A position as somebody pastes it, "31.21025, 107.49035": latitude first. `null` when it is none. */
export function positionOf(text: string): { lat: number; lon: number } | null {
  const [lat, lon, more] = text
    .replace(/[\uff0c\u3001\s]+/g, ",")
    .split(",")
    .filter(Boolean)
    .map(Number);
  if (lat === undefined || lon === undefined || more !== undefined) return null;
  return Math.abs(lat) <= 90 && Math.abs(lon) <= 180 ? { lat, lon } : null;
}
