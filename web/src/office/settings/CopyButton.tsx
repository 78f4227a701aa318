import { useState } from "preact/hooks";
import { t } from "../../texts";

/** Copies `text` to the clipboard and says whether that worked. */
export function CopyButton({ label, text }: { label: string; text: () => string }) {
  const [note, setNote] = useState<string | null>(null);
  async function copy() {
    setNote(
      await toClipboard(text()).then(
        (went) => t(went ? "copy.done" : "copy.failed"),
        () => t("copy.failed"),
      ),
    );
  }
  return (
    <span class="row">
      <button type="button" class="button" onClick={() => void copy()}>
        {label}
      </button>
      <span role="status" class="meta">
        {note}
      </span>
    </span>
  );
}

/** The clipboard API needs HTTPS; copying from a selected text area does not. */
async function toClipboard(text: string): Promise<boolean> {
  if ("clipboard" in navigator && isSecureContext) {
    await navigator.clipboard.writeText(text);
    return true;
  }
  const area = document.createElement("textarea");
  area.value = text;
  area.className = "visually-hidden";
  document.body.appendChild(area);
  area.select();
  const went = document.execCommand("copy");
  area.remove();
  return went;
}
