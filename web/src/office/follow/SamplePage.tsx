import { useState } from "preact/hooks";
import { asFailure } from "../../api/failure";
import type { Failure } from "../../api/failure";
import { readSample, readSampleProof } from "../../api/followUp";
import type { SampleDetail } from "../../api/followUp";
import { link } from "../../router";
import { t } from "../../texts";
import { formatDay } from "../../time/moment";
import { Empty, FailureNotice, Fetched, Notice } from "../../ui/Notice";
import { Page } from "../../ui/Page";
import { useCached } from "../../ui/useCached";
import { sampleSum, sampleTitle } from "./Samples";

/** A sample: what was drawn, why, and to whom each was given. */
export function SamplePage({ id }: { id: string }) {
  const sample = useCached<SampleDetail>(`look-back-samples/${id}`, () => readSample(id));
  return (
    <Page title={t("follow.sample.title")} back={link("follow", "samples")}>
      <Fetched of={sample}>
        {(body) => (
          <div class="stack">
            <section class="card stack-tight">
              <h2>{sampleTitle(body)}</h2>
              <p>{sampleSum(body)}</p>
              <p class="caption break">{t("follow.sample.digest", { digest: body.proof_sha256 })}</p>
              <Proof id={id} name={`look-back-${body.period}.json`} />
            </section>
            {body.rows.length === 0 ? (
              <Empty>{t("follow.sample.noneDrawn")}</Empty>
            ) : (
              <ul class="stack cards">
                {inTime(body.rows).map((row) => (
                  <li key={row.number}>
                    <section class="card stack-tight">
                      <p class="row-spread">
                        <strong class="grow" lang="zh-CN">
                          {row.unit_name}
                        </strong>
                        <a class="tap" href={link("issue", row.issue_id)}>
                          {row.issue_number}
                        </a>
                      </p>
                      <p>
                        {t(`follow.why.${row.reason}`)} · {formatDay(row.on)} {t(`follow.part.${row.part}`)}
                      </p>
                      <p class="meta">
                        {row.inspector ? (
                          <span class="no-print">{t("follow.sample.inspector", { who: row.inspector })} · </span>
                        ) : null}
                        {row.result ? t(`follow.result.${row.result}`) : t(`follow.row.${row.state}`)}
                      </p>
                    </section>
                  </li>
                ))}
              </ul>
            )}
            {body.next === null ? null : <p class="meta">{t("follow.sample.cut", { count: body.rows.length })}</p>}
          </div>
        )}
      </Fetched>
    </Page>
  );
}

const PARTS = ["morning", "afternoon", "evening"];

/** What comes first stands first; the draw's own order is in its proof. */
function inTime(rows: SampleDetail["rows"]): SampleDetail["rows"] {
  const at = ({ on, part }: SampleDetail["rows"][number]) => `${on} ${PARTS.indexOf(part)}`;
  return [...rows].sort((a, b) => at(a).localeCompare(at(b)));
}

function save(name: string, text: string): void {
  const anchor = document.createElement("a");
  anchor.href = URL.createObjectURL(new Blob([text], { type: "application/json" }));
  anchor.download = name;
  anchor.click();
  setTimeout(() => URL.revokeObjectURL(anchor.href), 60_000);
}

/** The proof as a file. */
function Proof({ id, name }: { id: string; name: string }) {
  const [failure, setFailure] = useState<Failure | null>(null);
  const [whyNot, setWhyNot] = useState<"" | "proofWaits" | "proofForDiscipline">("");
  async function fetchAndSave() {
    setFailure(null);
    try {
      const { proof, is_for_discipline } = await readSampleProof(id);
      setWhyNot(is_for_discipline ? "proofForDiscipline" : proof === null ? "proofWaits" : "");
      if (proof !== null) save(name, JSON.stringify(proof));
    } catch (cause) {
      setFailure(asFailure(cause));
    }
  }
  return (
    <>
      <p>
        <button type="button" class="button" onClick={() => void fetchAndSave()}>
          {t("follow.sample.proof")}
        </button>
      </p>
      {whyNot ? (
        <Notice role="status">
          <p>{t(`follow.sample.${whyNot}`)}</p>
        </Notice>
      ) : null}
      {failure ? <FailureNotice failure={failure} /> : null}
    </>
  );
}
