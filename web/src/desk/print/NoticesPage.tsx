import { link, route } from "../../router";
import { reference } from "../../session/reference";
import { t } from "../../texts";
import { FailureNotice, Notice } from "../../ui/Notice";
import { NOTICES_MAX } from "./limits";
import { PaperPage } from "./PaperPage";
import { useIssues } from "./readAll";
import { RectificationNotice } from "./RectificationNotice";
import { idsIn, sheetOf } from "./sheet";
import type { Printable, Sheet } from "./sheet";
import "../../texts/withForms";

/** The notices 整改通知单 of the issues that the address names, each on a page of its own. */
export function NoticesPage() {
  const [, words = ""] = route.value.path;
  const { ids, isCut } = idsIn(words, NOTICES_MAX);
  const all = useIssues<Printable>(ids);
  const sheets = all.issues.map(sheetOf).filter((sheet): sheet is Sheet => sheet !== null);
  const held = all.issues.length - sheets.length;
  const isReady = !all.isLoading && sheets.length > 0 && reference.value !== null;
  return (
    <PaperPage
      title={t("print.notice")}
      back={ids.length === 1 ? link("issue", ids[0] ?? "") : "#/"}
      isReady={isReady}
      notes={
        <>
          {ids.length > 1 ? (
            <p role="status">
              {all.isLoading
                ? t("print.reading", { at: all.done, count: ids.length })
                : t("print.count", { count: sheets.length })}
            </p>
          ) : null}
          {isCut ? (
            <Notice tone="warn">
              <p>{t("print.most", { count: NOTICES_MAX })}</p>
            </Notice>
          ) : null}
          {held > 0 && !all.isLoading ? (
            <Notice tone="warn">
              <p>{t("print.held", { count: held })}</p>
            </Notice>
          ) : null}
          {all.failure && !all.isLoading ? (
            <>
              {ids.length > 1 ? <p class="text-danger">{t("print.missing", { count: all.missing.length })}</p> : null}
              <FailureNotice failure={all.failure} onRetry={all.retry} />
            </>
          ) : null}
        </>
      }
    >
      {sheets.map((sheet) => (
        <RectificationNotice key={sheet.id} sheet={sheet} />
      ))}
    </PaperPage>
  );
}
