import { readChecklist } from "../api/setup";
import type { Checklist } from "../api/setup";
import { link } from "../router";
import { t } from "../texts";
import { Notice } from "../ui/Notice";
import { useCached } from "../ui/useCached";

/** Leads to the checklist of the first day, until all of it is done. */
export function SetupNotice() {
  const { body } = useCached<Checklist>("setup/checklist", readChecklist);
  if (!body || body.done) return null;
  const done = body.steps.filter((one) => one.state === "done").length;
  return (
    <Notice>
      <p>
        {t("office.setup", { done, total: body.steps.length })} <a href={link("setup")}>{t("office.setupOpen")}</a>
      </p>
    </Notice>
  );
}
