import { useState } from "preact/hooks";
import { t } from "../texts";

/** A button that asks for confirmation before something that cannot be undone. */
export function ConfirmButton({
  label,
  question,
  onConfirm,
}: {
  label: string;
  question: string;
  onConfirm: () => void;
}) {
  const [isAsking, setAsking] = useState(false);
  if (!isAsking)
    return (
      <button type="button" class="button button-plain button-danger" onClick={() => setAsking(true)}>
        {label}
      </button>
    );
  return (
    <span class="stack-tight" role="alert">
      <span class="meta">{question}</span>
      <span class="row">
        <button type="button" class="button button-danger" onClick={onConfirm}>
          {label}
        </button>
        <button type="button" class="button" onClick={() => setAsking(false)}>
          {t("action.cancel")}
        </button>
      </span>
    </span>
  );
}
