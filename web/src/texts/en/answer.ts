import type { zhAnswer } from "../zh/answer";

/** Words of the forms of actions. */
export const enAnswer: Record<keyof typeof zhAnswer, string> = {
  "answer.send": "Confirm: {what}",
  "answer.consequenceTitle": "What this does",
  "answer.offlineHint": "Works without a network: saved here first, sent by itself.",
  "answer.onTimeHint":
    "Whether it is on time goes by when you sent it here, if this device's clock is right (within 5 minutes) " +
    "and it arrives within 24 hours.",
  "answer.fault.text": "{what}: required",
  "answer.fault.until": "An extension ends later than the deadline and than now",
  "answer.fault.remedy": "Choose the kind of fix",
  "answer.fault.held": "Say whether it held",
  "answer.fault.same-angle": "At least one same-angle photo",
  "answer.fault.wide": "At least one wide photo",
  "answer.text.measure": "What was done",
  "answer.text.reason": "Reason",
  "answer.text.note": "Note (optional)",
  "answer.text.description": "Description",
  "answer.handlerHint": "Who will see to it; you, if nobody is named",
  "answer.proposedUnit": "Whose it is (optional)",
  "answer.noProposal": "(none)",
  "answer.until": "Extend until",
  "answer.untilHint": "Empty means as long again",
  "answer.onSite": "How it was checked",
  "answer.onSiteYes": "On site",
  "answer.onSiteNo": "By photos",
  "answer.deskHint": "What is severe, a relapse or in doubt is checked on site.",
  "answer.sentPhotos": "Photos already sent (keep them; add only new ones below)",
  "answer.held": "Has the fix held?",
  "answer.heldYes": "It held",
  "answer.heldNo": "It relapsed",
  "consequence.sign-in": "The fix begins. The deadline does not move: it runs from the release.",
  "consequence.return":
    "The clock goes on. If the office finds it is yours, the assignment is final; an unfounded return is recorded.",
  "consequence.request-extension":
    "The old deadline counts until it is answered. Granted: the new one. Refused: the old one stands. " +
    "Extensions are counted.",
  "consequence.confirm-fix": "The fix is reported to the office, and counts from now.",
  "consequence.request-hang":
    "The deadline counts until it is answered. Granted: the clock stands still and the plan holds; when it ends" +
    " the clock goes on. Missed milestones are counted.",
  "consequence.reach-milestone": "The next step of the plan counts as done today.",
  "answer.safetyPhoto": "At least one photo of what keeps it safe meanwhile.",
  "answer.viceHeadHint":
    "A severe issue is reported once your vice head confirms it, if your unit has such an account.",
  "answer.fault.plan": "Every step needs what and by when",
  "consequence.dispute":
    "The deadline counts until it is answered; go on fixing. Upheld: the issue is void. Refused: nothing moves.",
  "consequence.withdraw": "The report is void and cannot be restored; report it anew if need be.",
  "consequence.pass": "The issue is closed and its clock stops.",
  "consequence.fail": "Another round begins with half the limit, at least 4 working hours.",
  "consequence.look-back": "Held: recorded. Relapsed: a new issue with half the limit.",
  "compare.title": "Compare with before",
  "compare.before": "Before",
  "compare.after": "Now",
  "compare.overlay": "Overlaid",
  "compare.side": "Side by side",
  "compare.mix": "How strong the new photo shows",
  "compare.hint": "Stand in the same place and face the same way.",
  "compare.other": "Another earlier photo ({at}/{count})",
  "ghost.open": "Shoot over the earlier photo",
  "ghost.hint": "Line the picture up with the earlier photo",
  "ghost.shoot": "Shoot",
  "ghost.refused": "The camera was not allowed; close this and use “Camera”.",
};
