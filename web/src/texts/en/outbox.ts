import type { zhOutbox } from "../zh/outbox";

/** Words of the outbox page, and of taking a record back. */
export const enOutbox: Record<keyof typeof zhOutbox, string> = {
  "outbox.nowReport": "The report is being sent…",
  "outbox.nowPhotos": "The office has the report; its photos are being sent.",
  "outbox.nowStepPhotos": "Photos are being sent; the step follows.",
  "outbox.nowStep": "The step is being sent…",
  "outbox.nowOffline": "No network: it is sent as soon as there is one.",
  "outbox.againIn": "Tried again in {seconds} s.",
  "outbox.retryAll": "Try all again",
  "edit.ask": "The last sending got no answer. It can be changed once the service says that it did not arrive: {why}",
  "edit.delivered": "This record was delivered and can no longer be changed",
  "edit.sending": "It is being sent; try again in a moment",
  "edit.gone": "This record is no longer in the queue",
  "edit.draftExists": "There is another draft of this step; finish or delete that one first",
  "outbox.overtaken":
    "It has been signed for already, by a colleague or automatically after the time limit. You can remove this one.",
  "outbox.withdrawWaits": "The earlier report, whose photos the service does not have yet, will be withdrawn.",
  "outbox.withdrawn": "The earlier report was withdrawn and is void.",
  "outbox.notWithdrawn": "The earlier report was not withdrawn: all of its photos had arrived. It is now “{state}”.",
  "problem.old-arrived":
    "The earlier report was not withdrawn: all of its photos had arrived. Sending this one would report it twice.",
  "outbox.sendAnyway": "Report it anyway",
  "outbox.seeOld": "See the earlier report",
  "outbox.deleteWithdraws": "It cannot be restored, and what the service has of it is withdrawn. Are you sure?",
  "outbox.remove": "Remove",
  "outbox.savedDraft": "It is a draft again; not sent yet.",
  "outbox.savedGone": "Removed from this device.",
  "problem.other-account": "Another account is logged in on this device; it is sent once yours is logged in",
  "outbox.photoFault": "The fault is in photo {number} ({view}): edit the record and take it again",
  "fieldName.until": "Extend until",
  "fieldName.reason": "Reason",
  "fieldName.note": "Note",
  "fieldName.held": "Whether the fix held",
  "fieldName.unit": "Proposed unit",
  "fieldName.onSite": "Kind of check",
};
