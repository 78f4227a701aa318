// English of a unit's page of cards; loaded with it.
import type { CardsKey } from "..";

export const enCards: Record<CardsKey, string> = {
  "cards.title": "Cards of the unit",
  "cards.none": "The unit has no cards, talks or referrals.",
  "cards.intro": "Whoever disagrees disputes the issue; when that is upheld, the card is withdrawn.",
  "cards.measure.yellow": "Yellow card",
  "cards.measure.red": "Red card",
  "cards.measure.talk": "Talk",
  "cards.measure.referral": "Referral",
  "cards.issuedOn": "issued {day}",
  "cards.reason": "Reason: {reason}",
  "cards.withdrawn": "Withdrawn {day}: {reason}",
  "cards.talk": "Talk on {day}: {minutes}",
  "cards.taken": "Referred on {day}: {minutes}",
  "cards.issue": "Issue {number}",
};
