import { useEffect, useState } from "preact/hooks";
import { leaving } from "../session/leaving";
import { t } from "../texts";
import { Notice } from "../ui/Notice";
import { canUndo, flush, held, isPending, undoAll } from "./held";

/** Asked before signing out while decisions have not reached the service. */
export function LeavingQuestion({ onLeave, onStay }: { onLeave: () => void; onStay: () => void }) {
  const [isBusy, setBusy] = useState(false);
  const left = held.value.filter(isPending);
  const back = left.filter(canUndo).length;
  async function wait() {
    setBusy(true);
    await flush();
    setBusy(false);
  }
  // Delivered or taken back: the usual question is left.
  useEffect(() => {
    if (left.length === 0) onStay();
  }, [left.length]);
  return (
    <Notice tone="warn" role="alert">
      <p>{t("leaving.left", { count: left.length })}</p>
      <div class="wrap">
        <button type="button" class="button button-primary" disabled={isBusy} onClick={() => void wait()}>
          {t(isBusy ? "leaving.sending" : "leaving.wait")}
        </button>
        {back > 0 ? (
          <button type="button" class="button" onClick={() => undoAll()}>
            {t("leaving.takeBack", { count: back })}
          </button>
        ) : null}
        <button type="button" class="button button-danger" onClick={onLeave}>
          {t("leaving.anyway")}
        </button>
        <button type="button" class="button" onClick={onStay}>
          {t("action.cancel")}
        </button>
      </div>
    </Notice>
  );
}
leaving.Question = LeavingQuestion;
