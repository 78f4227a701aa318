import { useState } from "preact/hooks";
import { session } from "../session/session";
import { exportUnsent, importUnsent } from "../store/carrying";
import { t } from "../texts";
import { civilDay } from "../time/moment";
import { drain, entries, refresh } from "./drain";
import { isUnsent } from "./entry";

/** The way out when nothing else works: one file with everything unsent, and the way back in. */
export function Carrying({ isOpen }: { isOpen: boolean }) {
  const [note, setNote] = useState<string | null>(null);
  const unsent = entries.value.filter(isUnsent);

  async function save() {
    const user = session.value?.user;
    if (!user) return;
    const blob = await exportUnsent(user.id);
    const anchor = document.createElement("a");
    anchor.href = URL.createObjectURL(blob);
    anchor.download = `anfang-${user.username}-${civilDay(Date.now())}.json`;
    anchor.click();
    setTimeout(() => URL.revokeObjectURL(anchor.href), 60_000);
    setNote(t("carry.exported", { count: unsent.length }));
  }
  async function load(input: HTMLInputElement) {
    const file = input.files?.[0];
    const user = session.value?.user;
    if (!file || !user) return;
    try {
      const count = await importUnsent(file, user.id);
      setNote(t("carry.imported", { count }));
      await refresh();
      await drain();
    } catch {
      setNote(t("carry.unreadable"));
    }
    input.value = "";
  }

  return (
    <details class="card card-tight" open={isOpen}>
      <summary>{t("carry.title")}</summary>
      <div class="stack">
        <p class="meta">{t("carry.hint")}</p>
        <div class="pair">
          <button type="button" class="button" disabled={unsent.length === 0} onClick={() => void save()}>{t("carry.export")}</button>
          <label class="take"><span>{t("carry.import")}</span><input type="file" accept=".json,application/json" onChange={(event) => void load(event.currentTarget)} /></label>
        </div>
        {note ? <p role="status">{note}</p> : null}
      </div>
    </details>
  );
}
