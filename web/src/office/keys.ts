// All shortcuts of the office, for the key handlers and for the help under `?`.
import type { TextKey } from "../texts";

export type KeyPlace = "everywhere" | "overview" | "queue" | "field" | "list" | "map" | "pair" | "viewer" | "show";
export type KeyAction =
  | "help"
  | "undo"
  | "decide"
  | "unit"
  | "confirm"
  | "send"
  | "leave"
  | "next"
  | "previous"
  | "open"
  | "choose"
  | "choose-to"
  | "choose-all"
  | "search"
  | "clear"
  | "left"
  | "right"
  | "up"
  | "down"
  | "nearer"
  | "farther"
  | "whole"
  | "flip"
  | "grid"
  | "close";

interface Shortcut {
  place: KeyPlace;
  action: KeyAction;
  /** Values of `KeyboardEvent.key`, as they are without and with Shift. */
  keys: string[];
  /** As it is printed on a keyboard. */
  shown: string;
  words: TextKey;
  withShift?: true;
  /** With Ctrl, or the command key of a Mac. */
  withCtrl?: true;
}

const row = (place: KeyPlace, action: KeyAction, keys: string[], shown: string, words: TextKey): Shortcut => ({
  place,
  action,
  keys,
  shown,
  words,
});
const arrows = (place: KeyPlace, words: TextKey): Shortcut[] => [
  row(place, "left", ["ArrowLeft"], "\u2190", words),
  row(place, "right", ["ArrowRight"], "\u2192", words),
  row(place, "up", ["ArrowUp"], "\u2191", words),
  row(place, "down", ["ArrowDown"], "\u2193", words),
];
/** How many queues have a figure each. */
const QUEUE_KEYS = ["1", "2", "3", "4", "5", "6", "7"];
const zoom = (place: KeyPlace): Shortcut[] => [
  row(place, "nearer", ["+", "="], "+", "keys.nearer"),
  row(place, "farther", ["-"], "\u2212", "keys.farther"),
];

export const SHORTCUTS: Shortcut[] = [
  row("everywhere", "help", ["?"], "?", "keys.help"),
  row("everywhere", "undo", ["z"], "z", "keys.undo"),
  ...QUEUE_KEYS.map((figure) => row("overview", "decide", [figure], figure, "keys.toQueue")),
  row("queue", "next", ["j"], "j", "keys.next"),
  row("queue", "previous", ["k"], "k", "keys.previous"),
  ...["1", "2", "3", "4", "5", "6", "7", "8", "9"].map((figure) =>
    row("queue", "decide", [figure], figure, "keys.decide"),
  ),
  row("queue", "unit", ["u"], "u", "keys.unit"),
  row("queue", "confirm", ["Enter"], "Enter", "keys.confirm"),
  row("queue", "search", ["/"], "/", "keys.search"),
  row("field", "leave", ["Escape"], "Esc", "keys.leave"),
  { ...row("field", "send", ["Enter"], "Ctrl+Enter", "keys.confirm"), withCtrl: true },
  row("list", "next", ["j"], "j", "keys.next"),
  row("list", "previous", ["k"], "k", "keys.previous"),
  row("list", "open", ["Enter"], "Enter", "keys.open"),
  row("list", "choose", ["x"], "x", "keys.choose"),
  { ...row("list", "choose-to", ["x", "X"], "Shift+x", "keys.chooseTo"), withShift: true },
  row("list", "choose-all", ["a"], "a", "keys.chooseAll"),
  row("list", "search", ["/"], "/", "keys.search"),
  row("list", "clear", ["Escape"], "Esc", "keys.clear"),
  ...arrows("map", "keys.pull"),
  ...zoom("map"),
  row("map", "whole", ["0"], "0", "keys.whole"),
  ...arrows("pair", "keys.pull"),
  ...zoom("pair"),
  row("viewer", "previous", ["ArrowLeft"], "\u2190", "keys.photoBefore"),
  row("viewer", "next", ["ArrowRight"], "\u2192", "keys.photoAfter"),
  ...zoom("viewer"),
  row("viewer", "close", ["Escape"], "Esc", "keys.close"),
  // Clickers of speakers press the page keys.
  row("show", "previous", ["ArrowLeft", "PageUp"], "\u2190", "keys.previous"),
  row("show", "next", ["ArrowRight", "PageDown"], "\u2192", "keys.next"),
  row("show", "flip", [" "], "Space", "keys.flip"),
  row("show", "grid", ["g", "G"], "G", "keys.grid"),
  row("show", "close", ["Escape"], "Esc", "keys.close"),
];

type Pressed = Pick<KeyboardEvent, "key" | "shiftKey" | "ctrlKey" | "metaKey" | "altKey"> &
  Partial<Pick<KeyboardEvent, "isComposing" | "keyCode">>;

/** Whether the key belongs to an input method: it chooses characters, or gives them up. Older browsers only say 229. */
const isComposed = ({ isComposing, keyCode }: Pressed): boolean => isComposing === true || keyCode === 229;

/** What the key does at that place, if anything. */
export function actionOf(place: KeyPlace, event: Pressed): KeyAction | null {
  if (event.altKey || isComposed(event)) return null;
  const withCtrl = event.ctrlKey || event.metaKey;
  const fitting = SHORTCUTS.filter(
    (one) => one.place === place && one.keys.includes(event.key) && (one.withCtrl ?? false) === withCtrl,
  );
  return (
    (fitting.find((one) => (one.withShift ?? false) === event.shiftKey) ?? fitting.find((one) => !one.withShift))
      ?.action ?? null
  );
}

/** Which of the decisions a figure means, from 0. */
export const numberOf = (event: Pressed): number => Number(event.key) - 1;

/** Whether Enter belongs to what has the focus, and not to the page. */
export const isOnControl = (event: KeyboardEvent): boolean =>
  event.target instanceof Element &&
  event.target.closest("a, button, input, select, textarea, summary, [role=dialog]") !== null;

/** Whether a key belongs to a field and not to the page. */
export const isTyping = (event: KeyboardEvent): boolean =>
  event.ctrlKey ||
  event.metaKey ||
  event.altKey ||
  (event.target instanceof HTMLInputElement && event.target.type !== "checkbox" && event.target.type !== "radio") ||
  event.target instanceof HTMLTextAreaElement ||
  event.target instanceof HTMLSelectElement;
