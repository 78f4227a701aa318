import { useState } from "preact/hooks";
import { t } from "../texts";

/** A button that asks for confirmation before something that cannot be undone. */
export function ConfirmButton({
  label,
  name,
  question,
  onConfirm,
}: {
  label: string;
  /** Its full name for those who do not see what it stands beside. */
  name?: string;
  question: string;
  onConfirm: () => void;
}) {
  const [isAsking, setAsking] = useState(false);
  if (!isAsking)
    return (
      <button type="button" class="button button-plain button-danger" aria-label={name} onClick={() => setAsking(true)}>
        {label}
      </button>
    );
  return (
    <span class="stack-tight" role="alert">
      <span class="meta">{question}</span>
      <span class="row">
        <button type="button" class="button button-danger" aria-label={name} onClick={onConfirm}>
          {label}
        </button>
        <button type="button" class="button" onClick={() => setAsking(false)}>
          {t("action.cancel")}
        </button>
      </span>
    </span>
  );
}
