// How a person wants to see the list on this device: dense or comfortable, and with which columns.
import { textSize } from "../session/preferences";
import { session } from "../session/session";
import { isWide } from "../ui/isWide";
import { keysOf } from "../keysOf";

/** The columns of the dense look, in their order, and whether they are there from the beginning. */
const COLUMNS = {
  photo: false,
  place: true,
  item: true,
  description: false,
  state: true,
  severity: true,
  unit: true,
  handler: false,
  due: true,
  received: true,
  number: true,
  round: false,
} as const satisfies Record<string, boolean>;
export type Column = keyof typeof COLUMNS;
export const COLUMN_NAMES = keysOf(COLUMNS);

export interface Look {
  isDense: boolean;
  columns: Column[];
}
const DEFAULT: Look = { isDense: true, columns: COLUMN_NAMES.filter((name) => COLUMNS[name]) };

/** Whether there is room for the dense look: a wide screen, and letters that are not the largest. */
export const hasRoom = (): boolean => isWide("1280px") && textSize.value !== "xl";

const key = () => `list/${session.value?.user.id ?? ""}`;

export function readLook(): Look {
  try {
    const kept = JSON.parse(localStorage.getItem(key()) ?? "null") as Partial<Look> | null;
    const columns = COLUMN_NAMES.filter((name) => kept?.columns?.includes(name) ?? COLUMNS[name]);
    // The place names the row and leads to it.
    return { isDense: kept?.isDense ?? true, columns: columns.includes("place") ? columns : DEFAULT.columns };
  } catch {
    return DEFAULT;
  }
}

export function keepLook(look: Look): void {
  try {
    localStorage.setItem(key(), JSON.stringify(look));
  } catch {
    // Private windows may refuse; the choice then lasts as long as the page.
  }
}
