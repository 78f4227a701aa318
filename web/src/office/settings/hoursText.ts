// Working hours as an office writes them, "09:00-12:00 14:00-18:00", and seasons one a line, "07-01~09-30 08:00-12:00".
export interface Window {
  from: string;
  to: string;
}
export interface Season {
  from: string;
  to: string;
  windows: Window[];
}

export const hoursText = (windows: Window[]): string =>
  windows.map((window) => `${window.from}-${window.to}`).join(" ");
export const seasonsText = (seasons: Season[]): string =>
  seasons.map((season) => `${season.from}~${season.to} ${hoursText(season.windows)}`).join("\n");

/** Replaces what a Chinese keyboard types for the same signs. */
const plain = (text: string): string =>
  text
    .replace(/[\uff1a]/g, ":")
    .replace(/[\u2013\u2014\uff0d\u81f3]/g, "-")
    .replace(/[\uff5e\u223c]/g, "~")
    .replace(/[\uff0c\u3001,;\uff1b]/g, " ")
    .trim();

/** The hours, or `null` if the text cannot be parsed; the service checks the rest. */
export function hoursOf(text: string): Window[] | null {
  const windows = plain(text)
    .split(/\s+/)
    .filter(Boolean)
    .map((part) => /^(\d{1,2}:\d{2})-(\d{1,2}:\d{2})$/.exec(part));
  if (windows.length === 0 || windows.includes(null)) return null;
  return windows.map((found) => ({
    from: (found?.[1] ?? "").padStart(5, "0"),
    to: (found?.[2] ?? "").padStart(5, "0"),
  }));
}

/** The seasons, or `null` if a line cannot be parsed. */
export function seasonsOf(text: string): Season[] | null {
  const seasons = plain(text)
    .split("\n")
    .map((line) => line.trim())
    .filter(Boolean)
    .map((line) => {
      const found = /^(\d{2}-\d{2})\s*~\s*(\d{2}-\d{2})\s+(.+)$/.exec(line);
      const windows = hoursOf(found?.[3] ?? "");
      return found && windows ? { from: found[1] ?? "", to: found[2] ?? "", windows } : null;
    });
  return seasons.includes(null) ? null : (seasons as Season[]);
}
