import type { zhPhone } from "../zh/phone";

/** Words of parts of the phones' pages that are fetched when they are opened. */
export const enPhone: Record<keyof typeof zhPhone, string> = {
  "hints.already": "You reported {count} of the same here that are not closed",
  "hints.unsent": "on this phone, not delivered",
  "hints.alreadyHint": "Only a hint. If this is something new, report it.",
  "hints.colleagues": "Reported by colleagues and still open",
  "hints.withUnit": "{count}, with a unit",
  "hints.inReview": "{count}, with the office",
  "hints.colleaguesHint": "The same fault need not be reported again. Who reported it, and when, is not shown.",
  "zone.here": "Stalls are permitted here now ({goods}, {hours})",
  "zone.hereHint": "By {policy}, stalls are no fault here, so the item does not apply; dirt is still to be reported.",
  "hints.copyLast": "As the last one: {place} · {item}",
  "wifi.held": "{count} have been reported; {photos} originals ({size}) wait for Wi-Fi.",
  "wifi.anyway": "Send now on mobile data",
  "carry.title": "Export and import unsent records",
  "carry.hint":
    "If this phone cannot send: export the unsent records and drafts with their originals to a file. Import it " +
    "on another phone logged in as the same person, or hand it to the office. Importing twice reports once.",
  "carry.export": "Export",
  "carry.exporting": "Preparing the file…",
  "carry.import": "Import",
  "carry.ready": "{count} file(s) are ready. Save or send each; nothing here changed.",
  "carry.part": "File {part}: {records} record(s), {drafts} draft(s), {size}",
  "carry.save": "Save here",
  "carry.share": "Send to…",
  "carry.notShared": "It was not sent; use “Save here”.",
  "carry.inApp":
    "If “Save here” does nothing (inside WeChat or DingTalk, say), use “Send to…”, or upload once there is a network.",
  "carry.nothing": "There is nothing unsent",
  "carry.failed": "Not exported; nothing here changed",
  "carry.imported": "{records} record(s) imported, which are sent automatically; {drafts} draft(s) to finish",
  "carry.incomplete":
    "The file is not complete; it may have been cut on its way. Complete records were imported; bring the file again.",
  "carry.others":
    "This file belongs to {name} ({username}), who has to log in and import it, or hand it to the office.",
  "carry.unreadable": "Not a file of exported records",
};
