import { useState } from "preact/hooks";
import { NotAPacket } from "../packet/read";
import { importPacket } from "../packet/importPacket";
import type { ImportResult } from "../packet/importPacket";
import { writePackets } from "../packet/write";
import type { Packet } from "../packet/write";
import { session } from "../session/session";
import { formatSize } from "../store/storageSpace";
import { addTexts, t } from "../texts";
import { zhPhone } from "../texts/zh/phone";
import { civilDay } from "../time/civil";
import { drain, refresh } from "./drain";

addTexts(zhPhone);

/** Export and import of everything unsent as files, for a phone that cannot send. */
export function ExportImport({ isOpen, onDrafts }: { isOpen: boolean; onDrafts: () => void }) {
  const [note, setNote] = useState<string | null>(null);
  const [files, setFiles] = useState<{ packet: Packet; file: File }[]>([]);
  const [isBusy, setBusy] = useState(false);
  const user = session.value?.user;

  async function prepare() {
    if (!user) return;
    setBusy(true);
    setNote(t("carry.exporting"));
    try {
      const packets = await writePackets(user, Date.now());
      setFiles(
        packets.map((packet, at) => {
          const name = `anfang-${user.username}-${civilDay(Date.now())}${packets.length > 1 ? `-${at + 1}` : ""}.txt`;
          return { packet, file: new File([packet.file], name, { type: "text/plain" }) };
        }),
      );
      setNote(packets.length === 0 ? t("carry.nothing") : null);
    } catch {
      setNote(t("carry.failed"));
    } finally {
      setBusy(false);
    }
  }
  async function load(input: HTMLInputElement) {
    const file = input.files?.[0];
    if (!file || !user) return;
    setBusy(true);
    try {
      setNote(wordsOf(await importPacket(file, user.id)));
    } catch (cause) {
      setNote(cause instanceof NotAPacket ? t("carry.unreadable") : t("carry.failed"));
    } finally {
      input.value = "";
      setBusy(false);
    }
    // Also after a failure, because a part may have been imported.
    onDrafts();
    await refresh();
    await drain();
  }

  return (
    <details class="card card-tight" open={isOpen}>
      <summary>{t("carry.title")}</summary>
      <div class="stack">
        <p class="meta">{t("carry.hint")}</p>
        <div class="pair">
          <button type="button" class="button" disabled={isBusy} onClick={() => void prepare()}>
            {t("carry.export")}
          </button>
          <label class="take">
            <span>{t("carry.import")}</span>
            <input
              type="file"
              accept=".txt,.json,text/plain,application/json"
              disabled={isBusy}
              onChange={(event) => void load(event.currentTarget)}
            />
          </label>
        </div>
        <div role="status">
          {files.length > 0 && note === null ? (
            <p>{t("carry.ready", { count: files.length })}</p>
          ) : note ? (
            <p>{note}</p>
          ) : null}
        </div>
        {files.length > 0 ? (
          <>
            <ul class="stack">
              {files.map(({ packet, file }, at) => (
                <li class="stack-tight" key={file.name}>
                  <p class="meta">
                    {t("carry.part", {
                      part: at + 1,
                      records: packet.records,
                      drafts: packet.drafts,
                      size: formatSize(file.size),
                    })}
                  </p>
                  <div class="pair">
                    <button type="button" class="button button-primary" onClick={() => save(file)}>
                      {t("carry.save")}
                    </button>
                    {canShare(file) ? (
                      <button
                        type="button"
                        class="button"
                        onClick={() =>
                          void share(file).then((isShared) => setNote(isShared ? null : t("carry.notShared")))
                        }
                      >
                        {t("carry.share")}
                      </button>
                    ) : null}
                  </div>
                </li>
              ))}
            </ul>
            <p class="meta">{t("carry.inApp")}</p>
          </>
        ) : null}
      </div>
    </details>
  );
}

function wordsOf(taken: ImportResult): string {
  if (taken.owner) return t("carry.others", { name: taken.owner.name, username: taken.owner.username });
  const words = t("carry.imported", { records: taken.records, drafts: taken.drafts });
  return taken.isComplete ? words : `${words}\u3002${t("carry.incomplete")}`;
}

function save(file: File): void {
  const anchor = document.createElement("a");
  anchor.href = URL.createObjectURL(file);
  anchor.download = file.name;
  anchor.click();
  setTimeout(() => URL.revokeObjectURL(anchor.href), 60_000);
}

const canShare = (file: File): boolean =>
  typeof navigator.canShare === "function" && navigator.canShare({ files: [file] });

/** False if sharing failed. Closing the sheet on purpose is no failure. */
async function share(file: File): Promise<boolean> {
  try {
    await navigator.share({ files: [file] });
    return true;
  } catch (cause) {
    return cause instanceof DOMException && cause.name === "AbortError";
  }
}
