import { useState } from "preact/hooks";
import { reference } from "../session/reference";
import { t } from "../texts";
import { readSheet } from "./meeting";
import type { MeetingScores, SheetFault } from "./meeting";

/** Faults that are listed; the rest is only counted. */
const FAULTS_MAX = 8;

/** The text of a file: UTF-8, or GB18030 as Excel in China writes it. */
async function textOf(file: File): Promise<string> {
  const bytes = await new Response(file).arrayBuffer();
  try {
    return new TextDecoder("utf-8", { fatal: true }).decode(bytes);
  } catch {
    return new TextDecoder("gb18030").decode(bytes);
  }
}

/** Takes the two other dimensions from a sheet: a CSV file, or cells pasted from a spreadsheet. */
export function MeetingSheet({ onRead }: { onRead: (scores: MeetingScores | null) => void }) {
  const [text, setText] = useState("");
  const [faults, setFaults] = useState<SheetFault[]>([]);
  function read(from: string) {
    const { scores, faults: found } = readSheet(from, reference.value?.units ?? []);
    setFaults(found);
    if (found.length > 0) return;
    setText("");
    onRead(scores);
  }
  return (
    <details class="card no-print">
      <summary>{t("meeting.import")}</summary>
      <div class="stack">
        <p class="meta">{t("meeting.importHint")}</p>
        <label class="field">
          <span class="label">{t("meeting.file")}</span>
          <input
            type="file"
            accept=".csv,text/csv,text/plain"
            onChange={(event) => {
              const input = event.currentTarget;
              const file = input.files?.[0];
              if (file)
                void textOf(file).then((from) => {
                  input.value = "";
                  read(from);
                });
            }}
          />
        </label>
        <label class="field">
          <span class="label">{t("meeting.paste")}</span>
          <textarea class="input" rows={4} value={text} onInput={(event) => setText(event.currentTarget.value)} />
        </label>
        {faults.length > 0 ? (
          <ul class="stack-tight" role="alert">
            {faults.slice(0, FAULTS_MAX).map((fault) => (
              <li key={`${fault.line} ${fault.kind} ${fault.cell}`} class="field-error">
                {t(`meeting.fault.${fault.kind}`, { line: fault.line, cell: fault.cell })}
              </li>
            ))}
            {faults.length > FAULTS_MAX ? (
              <li class="field-error">{t("meeting.faults", { count: faults.length })}</li>
            ) : null}
          </ul>
        ) : null}
        <p class="wrap">
          <button type="button" class="button button-primary" disabled={text.trim() === ""} onClick={() => read(text)}>
            {t("meeting.read")}
          </button>
          <button type="button" class="button" onClick={() => onRead(null)}>
            {t("meeting.clear")}
          </button>
        </p>
      </div>
    </details>
  );
}
