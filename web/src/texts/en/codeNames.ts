// Texts about the names behind code names, in English.
import type { CodeNamesKey } from "..";

export const enCodeNames: Record<CodeNamesKey, string> = {
  "plans.names": "Names behind codes",
  "names.intro":
    "A keeper asks whose a code name is, another consents within 72 hours, it is read once within 24. All is noted.",
  "names.batch": "Batch",
  "names.chooseBatch": "Choose a batch",
  "names.noBatch": "No batch has been drawn yet.",
  "names.none": "Nothing was asked in this batch.",
  "names.code": "Code name",
  "names.codeHint": "Such as 暗访07.",
  "names.reason": "Reason",
  "names.ask": "Ask for the name",
  "names.onlyKeeper": "Only keepers may ask; an administrator names them on the page of the account.",
  "names.askedOn": "asked on {day}",
  "names.asked": "waits for consent",
  "names.consented": "consented to",
  "names.refused": "refused",
  "names.read": "read",
  "names.expired": "expired",
  "names.until": "until {time}",
  "names.consent": "Consent",
  "names.refuse": "Refuse",
  "names.readNow": "Read the name",
  "names.readSure": "It can be read once, and is gone when you leave. Read it now?",
  "names.is": "{code} is {name} ({username}). Write it down: it is gone when you leave this page.",
};
