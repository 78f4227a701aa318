// Drawn for this app: 24 × 24, strokes only, so that they take the colour of their text.
const PATHS = {
  pin: "M12 21s-7-6.2-7-11a7 7 0 0 1 14 0c0 4.8-7 11-7 11zM12 12.5a2.5 2.5 0 1 0 0-5 2.5 2.5 0 0 0 0 5z",
  camera:
    "M4 8h3l1.5-2.5h7L17 8h3a1 1 0 0 1 1 1v9a1 1 0 0 1-1 1H4a1 1 0 0 1-1-1V9a1 1 0 0 1 1-1z" +
    "M12 16.5a3.5 3.5 0 1 0 0-7 3.5 3.5 0 0 0 0 7z",
  list: "M8 6h12M8 12h12M8 18h12M4 6h.01M4 12h.01M4 18h.01",
  up: "M12 19V6M6 11l6-6 6 6",
  person: "M12 12a4 4 0 1 0 0-8 4 4 0 0 0 0 8zM4.5 20.5c1-4 4-5.5 7.5-5.5s6.5 1.5 7.5 5.5",
  todo: "M5 5h14v15H5zM9 3v4M15 3v4M8.5 13l2.5 2.5 4.5-5",
  back: "M15 5l-7 7 7 7",
  next: "M9 5l7 7-7 7",
  close: "M6 6l12 12M18 6L6 18",
  search: "M11 18a7 7 0 1 0 0-14 7 7 0 0 0 0 14zM16.5 16.5L21 21",
  tick: "M5 12.5l5 5L19.5 7",
  alert: "M12 8v5M12 16.5h.01M12 3.5l9.5 17h-19z",
  cloudOff: "M4 4l16 16M8 8.5A6 6 0 0 0 6.5 19H17M10 6.3A6 6 0 0 1 17.5 11a4 4 0 0 1 3 5.5",
  clock: "M12 21a9 9 0 1 0 0-18 9 9 0 0 0 0 18zM12 7v6l4 2",
  home: "M4 11l8-7 8 7v9h-5v-6H9v6H4z",
  gear: "M4 7h16M4 17h16M9 4v6M15 14v6",
  map: "M3 6l6-2 6 2 6-2v14l-6 2-6-2-6 2zM9 4v14M15 6v14",
  shield: "M12 3l8 3v6c0 5-4 7-8 9-4-2-8-4-8-9V6z",
  bell: "M6 17v-6a6 6 0 0 1 12 0v6l2 2H4zM10 21h4",
  dot: "M12 16a4 4 0 1 0 0-8 4 4 0 0 0 0 8z",
  flag: "M6 21V4h12l-3 4 3 5H6",
} as const;

export type IconName = keyof typeof PATHS;

/**
 * Always beside a word or a label; never the only carrier of a meaning. One that no first screen has is drawn by a
 * `path` of its own part.
 */
export function Icon({ name, path }: { name: IconName; path?: never } | { name?: never; path: string }) {
  return (
    <svg class="icon" viewBox="0 0 24 24" aria-hidden="true">
      <path d={path || PATHS[name as IconName]} />
    </svg>
  );
}
