import { useEffect, useRef, useState } from "preact/hooks";
import { sendPacket } from "../../api/packets";
import type { PacketRecordResult, PacketResult } from "../../api/packets";
import type { Sending } from "../../api/sendFile";
import { asFailure } from "../../api/failure";
import type { Failure } from "../../api/failure";
import { reachable } from "../../api/request";
import type { Head } from "../../packet/format";
import { linesOf, NotAPacket, readHead } from "../../packet/read";
import { link } from "../../router";
import { formatSize } from "../../store/storageSpace";
import { t } from "../../texts";
import { formatMoment } from "../../time/moment";
import { problemText } from "../../ui/failureText";
import { FailureNotice, Notice } from "../../ui/Notice";
import type { Tone } from "../../ui/Notice";
import { Page } from "../../ui/Page";
import { Table } from "./Table";

const TONES: Record<PacketRecordResult["outcome"], Tone> = { taken: "success", known: "info", refused: "danger" };

interface Chosen {
  file: File;
  head: Head;
  titles: Map<string, string>;
}
type Stage =
  | { at: "choose"; fault: "packet.unreadable" | "packet.isOld" | null }
  | { at: "chosen" | "stopped"; chosen: Chosen }
  | { at: "sending"; chosen: Chosen; share: number }
  | { at: "failed"; chosen: Chosen; failure: Failure }
  | { at: "done"; chosen: Chosen; result: PacketResult };

/** Imports the file of a phone that cannot send: shows its contents first, and the results afterwards. */
export function PacketsPage() {
  const [stage, setStage] = useState<Stage>({ at: "choose", fault: null });
  const sending = useRef<Sending<PacketResult> | null>(null);
  const isStopped = useRef(false);
  useEffect(() => () => sending.current?.stop(), []);

  async function choose(input: HTMLInputElement) {
    const file = input.files?.[0];
    input.value = "";
    if (!file) return;
    try {
      setStage({ at: "chosen", chosen: { file, head: await readHead(file), titles: await titlesIn(file) } });
    } catch (cause) {
      setStage({
        at: "choose",
        fault: cause instanceof NotAPacket && cause.isOld ? "packet.isOld" : "packet.unreadable",
      });
    }
  }
  async function send(chosen: Chosen) {
    isStopped.current = false;
    setStage({ at: "sending", chosen, share: 0 });
    sending.current = sendPacket(chosen.file, (share) =>
      setStage((now) => (now.at === "sending" ? { ...now, share } : now)),
    );
    try {
      setStage({ at: "done", chosen, result: await sending.current.done });
    } catch (cause) {
      setStage(isStopped.current ? { at: "stopped", chosen } : { at: "failed", chosen, failure: asFailure(cause) });
    } finally {
      sending.current = null;
    }
  }

  return (
    <Page title={t("packet.title")} back={link("settings")} isWide>
      <div class="stack-wide">
        <p>{t("packet.how")}</p>
        {stage.at === "choose" || stage.at === "chosen" ? (
          <label class={`take ${stage.at === "choose" ? "take-main" : ""}`}>
            {t("packet.choose")}
            <input type="file" accept=".txt,.json,text/plain" onChange={(event) => void choose(event.currentTarget)} />
          </label>
        ) : null}
        {stage.at === "choose" && stage.fault ? (
          <Notice tone="danger" role="alert">
            <p>{t(stage.fault)}</p>
          </Notice>
        ) : null}
        {stage.at === "choose" ? null : <Facts of={stage.chosen} />}
        {stage.at === "chosen" || stage.at === "stopped" ? (
          <>
            {stage.at === "stopped" ? (
              <Notice tone="warn" role="status">
                <p>{t("packet.stopped")}</p>
              </Notice>
            ) : null}
            <div class="wrap">
              <button
                type="button"
                class="button button-primary"
                disabled={!reachable.value}
                onClick={() => void send(stage.chosen)}
              >
                {t("packet.send")}
              </button>
            </div>
            {reachable.value ? null : (
              <Notice tone="warn">
                <p>{t("desk.needsNetwork")}</p>
              </Notice>
            )}
          </>
        ) : null}
        {stage.at === "sending" ? (
          <div class="card stack" role="status">
            <p>{t(stage.share < 1 ? "packet.sending" : "packet.working")}</p>
            {stage.share < 1 ? (
              <progress max={100} value={Math.round(stage.share * 100)} aria-label={t("packet.sending")} />
            ) : (
              <progress aria-label={t("packet.working")} />
            )}
            <button
              type="button"
              class="button"
              onClick={() => {
                isStopped.current = true;
                sending.current?.stop();
              }}
            >
              {t("action.cancel")}
            </button>
          </div>
        ) : null}
        {stage.at === "failed" ? (
          <FailureNotice
            failure={stage.failure}
            {...(stage.failure.isUnreachable ? { safe: t("packet.unknown") } : {})}
            onRetry={() => void send(stage.chosen)}
          />
        ) : null}
        {stage.at === "done" ? <Result of={stage.result} titles={stage.chosen.titles} /> : null}
        {stage.at === "done" || stage.at === "failed" || stage.at === "stopped" ? (
          <div class="wrap">
            <button type="button" class="button" onClick={() => setStage({ at: "choose", fault: null })}>
              {t("packet.another")}
            </button>
          </div>
        ) : null}
      </div>
    </Page>
  );
}

/** The title of each record on the phone. */
async function titlesIn(file: File): Promise<Map<string, string>> {
  const titles = new Map<string, string>();
  for await (const line of linesOf(file)) if ("record" in line) titles.set(line.record.id, line.record.app.title);
  return titles;
}

function Facts({ of: { file, head } }: { of: Chosen }) {
  const { name, username } = head.account;
  return (
    <div class="card card-tight">
      <p>
        {t("packet.of", { name, username, at: formatMoment(head.exported_at), part: head.part, parts: head.parts })}
      </p>
      <p class="meta">
        {file.name} · {formatSize(file.size)}
      </p>
    </div>
  );
}

function Result({ of: { records, is_complete, drafts }, titles }: { of: PacketResult; titles: Map<string, string> }) {
  const count = (outcome: PacketRecordResult["outcome"]) =>
    records.filter((record) => record.outcome === outcome).length;
  const refused = count("refused");
  return (
    <div class="stack">
      <Notice tone={refused > 0 || !is_complete ? "warn" : "success"} role="status">
        <p>
          <strong>{t("packet.sum", { taken: count("taken"), known: count("known"), refused })}</strong>
        </p>
        {is_complete ? null : <p>{t("packet.incomplete")}</p>}
        {drafts > 0 ? <p>{t("packet.drafts", { count: drafts })}</p> : null}
      </Notice>
      <Table<PacketRecordResult>
        caption={t("packet.title")}
        rows={records}
        keyOf={(record) => record.id ?? records.indexOf(record)}
        empty={t("packet.none")}
        columns={[
          {
            label: t("packet.record"),
            cell: (record) => (
              <span>
                {record.action ? `${t(`do.${record.action}`)}${t("punctuation.dot")}` : ""}
                {record.kind === "visit" ? `${t("visit.title")}${t("punctuation.dot")}` : ""}
                <span lang="zh-CN">{titles.get(record.id ?? "") ?? record.id ?? t("packet.noId")}</span>
              </span>
            ),
          },
          {
            label: t("packet.outcome"),
            cell: (record) => (
              <span class="wrap">
                <span class={`chip tone-${TONES[record.outcome]}`}>{t(`packet.outcome.${record.outcome}`)}</span>
                {record.problem ? <span>{problemText(record.problem.code, record.problem.title)}</span> : null}
                {record.missing_photos.length > 0 ? (
                  <span class="text-warn">{t("packet.missing", { count: record.missing_photos.length })}</span>
                ) : null}
              </span>
            ),
          },
          {
            label: t("issue.number"),
            cell: (record) =>
              record.outcome === "refused" || record.issue_id === null ? null : (
                <a href={link("issue", record.issue_id)}>{record.number ?? t("action.open")}</a>
              ),
          },
        ]}
      />
    </div>
  );
}
