import { t } from "../texts";
import { Empty } from "./Notice";
import { Page } from "./Page";

export function NotFoundPage() {
  return (
    <Page title={t("page.unknown")} back="#/">
      <Empty
        action={
          <a class="button" href="#/">
            {t("nav.home")}
          </a>
        }
      >
        {t("page.unknownHint")}
      </Empty>
    </Page>
  );
}
