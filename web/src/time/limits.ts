// Limits as the rules write them, `4wh`, in words.
import { t } from "../texts";

/** A remark on a limit, with the limits in it put into words. */
export const formatLimitNote = (note: string): string =>
  note.replace(/\d+(?:uh|um|wh|wm|wd|cd)(?![a-z])/g, (limit) => formatLimit(limit));

/** A limit of an item, `4wh`, in words. */
export function formatLimit(limit: string): string {
  const [, count = "", unit = ""] = /^(\d+)([a-z]+)$/.exec(limit) ?? [];
  switch (unit) {
    case "uh":
      return t("limit.uh", { count });
    case "um":
      return t("limit.um", { count });
    case "h":
      return t("limit.h", { count });
    case "m":
      return t("limit.m", { count });
    case "wh":
      return t("limit.wh", { count });
    case "wm":
      return t("limit.wm", { count });
    case "wd":
      return t("limit.wd", { count });
    case "cd":
      return t("limit.cd", { count });
    default:
      return limit;
  }
}
