import { reference } from "../../session/reference";
import { localName } from "../../texts";

/** What a campaign is called. */
export const campaignOf = (code: string): string =>
  localName(reference.value?.campaigns.find((one) => one.code === code)) || code;
