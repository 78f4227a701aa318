// How each kind of notice looks. A kind that is new in the contract does not compile until it has a row here.
import type { NoticeKind } from "../api/types";
import { t, textIfKnown } from "../texts";
import type { IconName } from "../ui/Icon";

type KindRow = [icon: IconName, tone: "" | "text-warn" | "text-danger"];

const KINDS: Record<NoticeKind, KindRow> = {
  "handed-over": ["todo", ""],
  "due-soon": ["clock", "text-warn"],
  "half-way": ["clock", ""],
  "failed-check": ["alert", "text-danger"],
  "request-decided": ["tick", ""],
  reminded: ["alert", "text-danger"],
  "clock-resumed": ["clock", ""],
  "card-issued": ["alert", "text-danger"],
  "card-withdrawn": ["tick", ""],
  "leader-note": ["flag", "text-warn"],
  "to-confirm": ["todo", ""],
  "sent-back": ["alert", "text-warn"],
  "to-check": ["search", ""],
  "to-look-back": ["search", ""],
  "to-review": ["todo", ""],
  "to-release": ["shield", ""],
  "fix-reported": ["search", ""],
  "to-decide": ["flag", ""],
};

/** The row of a kind; one that only a newer service knows is still a notice. */
export const rowOf = (kind: NoticeKind): KindRow => (KINDS as Partial<Record<string, KindRow>>)[kind] ?? ["bell", ""];

export const kindText = (kind: string): string => textIfKnown(`notice.${kind}`) ?? t("notices.other");
