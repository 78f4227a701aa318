import { link } from "../../router";
import { addTexts, t } from "../../texts";
import { zhFollow } from "../../texts/zh/follow";
import { Page } from "../../ui/Page";
import { Cases } from "./Cases";
import "../words";
import "../../texts/withForms";

addTexts(zhFollow, () => import("../../texts/en/follow").then((part) => part.enFollow));

/** The accountability cases 问责台账 that were approved, as discipline inspection reads them. */
export function CasesPage() {
  return (
    <Page title={t("follow.tab.cases")} back={link("overview")}>
      <Cases />
    </Page>
  );
}
