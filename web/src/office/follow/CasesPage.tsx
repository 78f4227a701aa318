import { link } from "../../router";
import { t } from "../../texts";
import { Page } from "../../ui/Page";
import { Cases } from "./Cases";

/** The accountability cases 问责台账 that were approved, as discipline inspection reads them. */
export function CasesPage() {
  return (
    <Page title={t("follow.tab.cases")} back={link("overview")}>
      <Cases />
    </Page>
  );
}
