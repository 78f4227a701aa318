// How each kind of notices looks: one that is new in the contract does not compile until it has its row here.
import type { NoticeKind } from "../api/types";
import { t, textIfKnown } from "../texts";
import type { IconName } from "../ui/Icon";

type KindRow = [tone: string, icon: IconName];

const KINDS: Record<NoticeKind, KindRow> = {
  "handed-over": ["tone-info", "todo"],
  "due-soon": ["tone-warn", "clock"],
  "failed-check": ["tone-danger", "alert"],
  "request-decided": ["tone-violet", "tick"],
  reminded: ["tone-danger", "alert"],
  "clock-resumed": ["tone-warn", "clock"],
  "to-confirm": ["tone-warn", "todo"],
  "sent-back": ["tone-warn", "alert"],
  "to-check": ["tone-info", "search"],
  "to-look-back": ["tone-info", "search"],
  "to-review": ["tone-info", "todo"],
  "to-release": ["tone-info", "shield"],
  "fix-reported": ["tone-violet", "search"],
  "to-decide": ["tone-violet", "flag"],
};

/** The row of a kind; one that only a newer service knows is still a notice. */
export const rowOf = (kind: NoticeKind): KindRow => (KINDS as Partial<Record<string, KindRow>>)[kind] ?? ["", "bell"];

export const kindText = (kind: string): string => textIfKnown(`notice.${kind}`) ?? t("notices.other");
