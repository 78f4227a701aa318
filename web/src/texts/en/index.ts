// English for everything but the office and its settings, in one file that is fetched when it is chosen.
import type {
  BatchesKey,
  CardsKey,
  ChargeKey,
  DeskKey,
  FiguresKey,
  FollowKey,
  KeeperKey,
  MeetingKey,
  MonthsKey,
  CodeNamesKey,
  OfficeKey,
  LeaderKey,
  NeedsKey,
  PlansKey,
  SelfFoundKey,
  SettingsKey,
  SetupKey,
  TextKey,
} from "..";
import { enStart } from "./start";
import { enAccount } from "./account";
import { enAnswer } from "./answer";
import { enForms } from "./forms";
import { enInspector } from "./inspector";
import { enMonth } from "./month";
import { enNotices } from "./notices";
import { enOutbox } from "./outbox";
import { enPhone } from "./phone";
import { enUnit } from "./unit";
import { enVisits } from "./visits";

export const en: Record<
  Exclude<
    TextKey,
    | BatchesKey
    | CardsKey
    | ChargeKey
    | DeskKey
    | FiguresKey
    | FollowKey
    | KeeperKey
    | MeetingKey
    | MonthsKey
    | LeaderKey
    | NeedsKey
    | CodeNamesKey
    | OfficeKey
    | PlansKey
    | SelfFoundKey
    | SettingsKey
    | SetupKey
  >,
  string
> = {
  ...enStart,
  ...enAccount,
  ...enAnswer,
  ...enForms,
  ...enInspector,
  ...enMonth,
  ...enNotices,
  ...enOutbox,
  ...enPhone,
  ...enUnit,
  ...enVisits,
};
