import type { Draft } from "../store/records";
import { t } from "../texts";
import { Notice } from "../ui/Notice";
import type { DraftHandle } from "./useDraft";

/** What a form says of its own keeping: that it was found again, and that the device keeps nothing more. */
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
