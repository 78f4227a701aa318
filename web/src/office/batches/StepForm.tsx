import { useEffect, useRef, useState } from "preact/hooks";
import { takeBatchStep } from "../../api/batches";
import type { Batch, BatchAction } from "../../api/batches";
import { asFailure } from "../../api/failure";
import type { Failure } from "../../api/failure";
import { CODE_CHARS_MAX, NAME_CHARS_MAX, REASON_CHARS_MAX } from "../../api/limits";
import { reachable } from "../../api/request";
import { uuid } from "../../session/uuid";
import { t, textIfKnown } from "../../texts";
import { FailureNotice } from "../../ui/Notice";
import { TextField } from "../../ui/TextField";
import { faultAt } from "../plans/fault";
import { useKept } from "./kept";
import { drawNonce } from "./nonce";
import { NumberField } from "./NumberField";
import { FINAL } from "./steps";

const REASONED: readonly BatchAction[] = ["send-back", "revoke", "abandon", "redraw"];

interface Typed {
  reason: string;
  approval_no: string;
  task: string;
  code_name: string;
}
const EMPTY: Typed = { reason: "", approval_no: "", task: "", code_name: "" };

function bodyOf(action: BatchAction, typed: Typed): object {
  if (action === "approve") return { approval_no: typed.approval_no.trim() };
  if (action === "redraw")
    return { task: Number(typed.task) || 0, code_name: typed.code_name.trim(), reason: typed.reason.trim() };
  return REASONED.includes(action) ? { reason: typed.reason.trim() } : {};
}

/** One step: what follows from it, what it asks for, and the button. What cannot be undone is confirmed once more. */
export function StepForm({
  batch,
  action,
  isMain,
  onDone,
  onCancel,
}: {
  batch: Batch;
  action: BatchAction;
  isMain: boolean;
  onDone: () => void;
  onCancel: () => void;
}) {
  const [typed, setTyped, forget] = useKept<Typed>(`step/${batch.id}/${action}`, () => EMPTY);
  const [isAsking, setAsking] = useState(false);
  const [isBusy, setBusy] = useState(false);
  const [failure, setFailure] = useState<Failure | null>(null);
  // One name for one step: after a lost answer it is not taken twice.
  const key = useRef({ said: "", key: "" });
  const box = useRef<HTMLFormElement>(null);
  useEffect(() => {
    if (!isMain) box.current?.querySelector<HTMLElement>("input, textarea, button")?.focus();
  }, []);
  const isReasoned = REASONED.includes(action);
  const isReady =
    (!isReasoned || typed.reason.trim() !== "") &&
    (action !== "approve" || typed.approval_no.trim() !== "") &&
    (action !== "redraw" || (typed.task.trim() !== "" && typed.code_name.trim() !== ""));

  async function take() {
    setBusy(true);
    setFailure(null);
    try {
      if (action === "draw") {
        // Not before now: the commitment has been on the screen, and nobody could know what is drawn here.
        const drawn = drawNonce(batch.id, batch.commitment_sha256 ?? "");
        const body = { commitment_sha256: drawn.commitment, nonce: drawn.nonce };
        await takeBatchStep(batch, action, body, drawn.key);
      } else {
        const body = bodyOf(action, typed);
        const said = JSON.stringify(body);
        if (key.current.said !== said) key.current = { said, key: uuid() };
        await takeBatchStep(batch, action, body, key.current.key);
      }
      forget();
      onDone();
    } catch (cause) {
      const refused = asFailure(cause);
      setFailure(refused);
      setAsking(false);
      // Somebody else was faster: what is shown is read again, and what was typed stays.
      if (refused.code === "stale-version") onDone();
    } finally {
      setBusy(false);
    }
  }

  const hint = textIfKnown(`batchDoHint.${action}`);
  const isFinal = FINAL.includes(action);
  const set = (part: Partial<Typed>) => setTyped({ ...typed, ...part });
  return (
    <form
      class="stack batch-step"
      ref={box}
      noValidate
      aria-label={t(`batchDo.${action}`)}
      onSubmit={(event) => {
        event.preventDefault();
        if (isFinal && !isAsking) setAsking(true);
        else void take();
      }}
    >
      {hint ? <p>{hint}</p> : null}
      {action === "approve" ? (
        <TextField
          id="step-approval"
          label={t("batches.approvalNo")}
          hint={t("batches.approvalNoHint")}
          value={typed.approval_no}
          max={CODE_CHARS_MAX}
          error={faultAt(failure, "/approval_no")}
          onInput={(approval_no) => set({ approval_no })}
        />
      ) : null}
      {action === "redraw" ? (
        <div class="plan-two">
          <NumberField
            id="step-task"
            label={t("batches.task")}
            value={typed.task}
            error={faultAt(failure, "/task")}
            onInput={(task) => set({ task })}
          />
          <TextField
            id="step-code"
            label={t("batches.codeName")}
            hint={t("batches.codeNameHint")}
            value={typed.code_name}
            max={NAME_CHARS_MAX}
            error={faultAt(failure, "/code_name")}
            onInput={(code_name) => set({ code_name })}
          />
        </div>
      ) : null}
      {isReasoned ? (
        <TextField
          id={`step-reason-${action}`}
          label={t("batches.reason")}
          rows={3}
          value={typed.reason}
          max={REASON_CHARS_MAX}
          error={faultAt(failure, "/reason")}
          onInput={(reason) => set({ reason })}
        />
      ) : null}
      {isAsking ? (
        <p class="text-danger" role="alert">
          {t(`batchSure.${action as "draw" | "release" | "abandon"}`)}
        </p>
      ) : null}
      {isBusy && action === "draw" ? (
        <p role="status">
          {t("batches.drawing")}
          <progress aria-label={t("batches.drawing")} />
        </p>
      ) : null}
      <div class="wrap">
        <button
          type="submit"
          class={`button ${action === "abandon" ? "button-danger" : "button-primary"}`}
          disabled={isBusy || !isReady || !reachable.value}
        >
          {t(isBusy ? "batches.busy" : isAsking ? "batches.confirm" : `batchDo.${action}`)}
        </button>
        {isAsking || !isMain ? (
          <button type="button" class="button" disabled={isBusy} onClick={isAsking ? () => setAsking(false) : onCancel}>
            {t("action.cancel")}
          </button>
        ) : null}
      </div>
      {failure && failure.fields.length === 0 ? <FailureNotice failure={failure} /> : null}
    </form>
  );
}
