import type { Draft } from "../store/records";
import { t } from "../texts";
import { Notice } from "../ui/Notice";
import type { DraftHandle } from "./useDraft";

/** Messages of a form about its draft: that it was restored, and that the device cannot save any more. */
export function DraftNotices<D extends Draft>({ handle }: { handle: DraftHandle<D> }) {
  return (
    <>
      {handle.isRestored ? (
        <Notice role="status">
          <p>{t("report.restored")}</p>
        </Notice>
      ) : null}
      {handle.storeFailure === "text" ? (
        <Notice tone="danger" role="alert">
          <p>{t("report.textRefused")}</p>
        </Notice>
      ) : null}
    </>
  );
}
