import { useState } from "preact/hooks";
import { listBatchEvents, readDraw } from "../../api/batches";
import type { BatchEvent, DrawRow } from "../../api/batches";
import { asFailure } from "../../api/failure";
import type { Failure } from "../../api/failure";
import { link } from "../../router";
import { t } from "../../texts";
import { formatMoment } from "../../time/moment";
import { Empty, FailureNotice, Fetched } from "../../ui/Notice";
import { Page } from "../../ui/Page";
import { TextField } from "../../ui/TextField";
import { useCached } from "../../ui/useCached";
import { commandsOf, fileOf, lastOf, readAllDraws, saveJson } from "./draws";
import { nameOf, whenOf } from "./DrawsPage";
import { nonceOf } from "./nonce";
import { ProofSteps } from "./ProofSteps";
import { RecordSection } from "./RecordSection";
import { isProof } from "./replay/proof";

/** The proof of a draw 抽取证明, in steps that somebody follows who did not take part. */
export function ProofPage({ id }: { id: string }) {
  const draws = useCached<DrawRow[]>("draws", readAllDraws);
  const events = useCached<BatchEvent[]>(`batches/${id}/events`, () => listBatchEvents(id));
  return (
    <Page title={t("draws.proofTitle")} back={link("draws")} isWide>
      <Fetched of={draws} rows={4}>
        {(all) => {
          const row = all.find((one) => one.batch_id === id);
          if (row === undefined) return <Empty>{t("draws.notYet")}</Empty>;
          return (
            <div class="stack-wide proof">
              <section class="card stack-tight">
                <h2 lang="zh-CN">{nameOf(row)}</h2>
                <p class="meta">{whenOf(row)}</p>
              </section>
              <Commitments row={row} />
              {row.released_at === null ? <Sealed row={row} /> : <Released row={row} />}
              <Fetched of={events}>{(steps) => <RecordSection events={steps} />}</Fetched>
            </div>
          );
        }}
      </Fetched>
    </Page>
  );
}

/** The first step: what was fixed at the approval, and whether it is what somebody wrote down then. */
function Commitments({ row }: { row: DrawRow }) {
  const [kept, setKept] = useState("");
  const held = lastOf(row);
  const typed = kept.replace(/\s/g, "").toLowerCase();
  return (
    <section class="card stack" aria-labelledby="commitment-title">
      <h2 id="commitment-title">{t("proof.commitment")}</h2>
      <p>{t("proof.commitmentWords")}</p>
      <ol class="stack-tight">
        {row.commitments.map((one) => (
          <li key={one.attempt}>
            <span class="meta">{t("draws.attemptNo", { attempt: one.attempt })}</span>
            <span class="digest batch-line">{one.commitment_sha256}</span>
          </li>
        ))}
      </ol>
      {row.commitments.length > 1 ? <p class="text-warn">{t("proof.manyAttempts")}</p> : null}
      <TextField
        id="kept-commitment"
        label={t("proof.kept")}
        hint={t("proof.keptHint")}
        value={kept}
        onInput={setKept}
        autocomplete="off"
      />
      {typed === "" ? null : (
        <p class={typed === held ? "text-success" : "text-danger"} role="status">
          {t(typed === held ? "proof.keptSame" : "proof.keptOther")}
        </p>
      )}
    </section>
  );
}

/** Before the release: what is not shown, and why. */
function Sealed({ row }: { row: DrawRow }) {
  return (
    <section class="card stack-tight" aria-labelledby="sealed-title">
      <h2 id="sealed-title">{t("proof.sealed")}</h2>
      <p>{t(row.state === "abandoned" ? "proof.sealedAbandoned" : "proof.sealedWords")}</p>
    </section>
  );
}

/** After it: everything, read when somebody asks for it, because each reading is noted. */
function Released({ row }: { row: DrawRow }) {
  const [proof, setProof] = useState<unknown>(null);
  const [failure, setFailure] = useState<Failure | null>(null);
  const [isBusy, setBusy] = useState(false);
  const commitment = lastOf(row);
  const own = nonceOf(row.batch_id, commitment);
  async function read() {
    setBusy(true);
    setFailure(null);
    try {
      setProof((await readDraw(row.batch_id)).proof);
    } catch (cause) {
      setFailure(asFailure(cause));
    } finally {
      setBusy(false);
    }
  }
  if (proof === null)
    return (
      <section class="card stack" aria-labelledby="open-title">
        <h2 id="open-title">{t("proof.open")}</h2>
        <p>{t("proof.openWords")}</p>
        <div>
          <button type="button" class="button button-primary" disabled={isBusy} onClick={() => void read()}>
            {t(isBusy ? "batches.busy" : "proof.read")}
          </button>
        </div>
        {failure ? <FailureNotice failure={failure} onRetry={() => void read()} /> : null}
      </section>
    );
  return (
    <>
      {isProof(proof) ? <ProofSteps proof={proof} own={own} /> : <p class="text-danger">{t("proof.unreadable")}</p>}
      <section class="card stack" aria-labelledby="file-title">
        <h2 id="file-title">{t("proof.file")}</h2>
        <p>{t("proof.fileWords")}</p>
        <div>
          <button type="button" class="button" onClick={() => saveJson(fileOf(row.batch_id), proof)}>
            {t("proof.download")}
          </button>
        </div>
        {commandsOf(row.batch_id, commitment).map((command) => (
          <pre class="batch-command" key={command}>
            <code>{command}</code>
          </pre>
        ))}
        <p class="meta">{t("proof.fileHint", { at: row.released_at ? formatMoment(row.released_at) : "" })}</p>
      </section>
    </>
  );
}
