import type { zhDesk } from "../zh/desk";

export const enDesk: Record<keyof typeof zhDesk, string> = {
  "print.notice": "Rectification notice",
  "print.meeting": "List of issues for the meeting",
  "print.meetingShort": "Meeting list",
  "print.start": "Print",
  "print.hint": "This is what comes out on A4 paper. Printing starts when the photos are here.",
  "print.waits": "Waiting for the photos; it prints by itself then.",
  "print.reading": "Reading: {at} of {count}",
  "print.count": "{count} notices, each on a page of its own.",
  "print.most": "At most {count} notices at a time; print the others after.",
  "print.mostRows": "A list has at most {count} rows; the others are left out. Narrow the filters.",
  "print.held": "{count} not released yet: there is no notice of them.",
  "print.heldRows": "{count} not released yet: they are not on the list.",
  "print.missing": "{count} could not be read.",
  "print.withPhotos": "With photos",
  "print.document": "Document no.: ",
  "print.ask":
    "The inspection found the following in your unit's area. Put it right by {at}, and report it in the system with " +
    "photos from the same angle and of the whole place.",
  "print.askUndated":
    "The inspection found the following in your unit's area. Put it right as required, and report it in the system " +
    "with photos from the same angle and of the whole place.",
  "print.clause": "Item",
  "print.releasedOn": "Released on",
  "print.limit": " (limit: {limit})",
  "print.noDeadline": "Not set",
  "print.found": "Photos of the problem",
  "print.fixed": "Photos after the fix",
  "print.sealOffice": "Issuing office (seal): ",
  "print.sealUnit": "Responsible unit (seal): ",
  "print.signedBy": "Issued by: ",
  "print.receivedBy": "Received by: ",
  "print.date": "Date:",
  "print.at": "No.",
  "print.sum": "{count} issues, {overdue} of them overdue",
  "print.of": "Of: {words}",
  "print.and": "; ",
  "print.or": ", ",
};
