import { useState } from "preact/hooks";
import type { Batch, BatchAction, BatchEvent } from "../../api/batches";
import { link } from "../../router";
import { session } from "../../session/session";
import { t } from "../../texts";
import { civilDay } from "../../time/civil";
import { formatMoment, serverNow } from "../../time/moment";
import { Notice } from "../../ui/Notice";
import { nonceOf } from "./nonce";
import { StepForm } from "./StepForm";
import { MAIN, nextOf, TAKEN } from "./steps";

/** What has to be done now, by whom and why by them, and the steps that this person may take. */
export function Now({ batch, events, onChange }: { batch: Batch; events: BatchEvent[]; onChange: () => void }) {
  const me = session.value?.user.id ?? "";
  const next = nextOf(batch, me, civilDay(serverNow()));
  const [open, setOpen] = useState<BatchAction | null>(null);
  const main = MAIN[next];
  const allowed = TAKEN.filter((action) => batch.allowed_actions.includes(action));
  const others = allowed.filter((action) => action !== main);
  const shown = open ?? (main !== undefined && allowed.includes(main) ? main : null);
  const nameOf = (id: string | undefined): string =>
    events.find((event) => event.by?.id === id)?.by?.display_name ?? t("batches.somebody");
  // Why it came back: the last step, if it has a reason.
  const last = events[events.length - 1];
  const isBack = batch.state === "draft" && last !== undefined && ["send-back", "revoke"].includes(last.action);
  return (
    <section class="card stack batch-now no-print" aria-labelledby="now-title">
      <div class="stack-tight">
        <p class="meta">{t("batches.now")}</p>
        <h2 id="now-title">{t(`batchNext.${next}`)}</h2>
        <p class="meta">
          {t(`batchNextHint.${next}`, {
            proposer: nameOf(batch.proposed?.by),
            approver: nameOf(batch.approved?.by),
            reviewer: nameOf(batch.reviewed?.by),
            open: batch.open_tasks,
            unreviewed: batch.unreviewed_reports,
          })}
        </p>
      </div>
      {isBack ? (
        <Notice tone="warn">
          <p>
            {t(last.action === "revoke" ? "batches.wasRevoked" : "batches.wasSentBack", {
              who: last.by?.display_name ?? t("batches.somebody"),
              at: formatMoment(last.at),
            })}
          </p>
          {last.reason ? <p lang="zh-CN">{last.reason}</p> : null}
        </Notice>
      ) : null}
      {batch.abandon_vote !== null && batch.state !== "abandoned" ? (
        <Notice tone="warn">
          <p>
            {t(batch.abandon_vote.by === me ? "batches.abandonMine" : "batches.abandonOther", {
              who: nameOf(batch.abandon_vote.by),
              at: formatMoment(batch.abandon_vote.at),
            })}
          </p>
        </Notice>
      ) : null}
      {next === "review-reports" ? (
        <div>
          <a class="button button-primary" href={`${link("queue")}?kind=review`}>
            {t("batches.toQueue")}
          </a>
        </div>
      ) : null}
      {batch.commitment_sha256 === null ? null : (
        <Commitment batch={batch} commitment={batch.commitment_sha256} isApprover={batch.approved?.by === me} />
      )}
      {shown ? (
        <StepForm
          key={`${shown} ${batch.version}`}
          batch={batch}
          action={shown}
          isMain={shown === main}
          onDone={() => {
            setOpen(null);
            onChange();
          }}
          onCancel={() => setOpen(null)}
        />
      ) : null}
      {others.length > 0 ? (
        <div class="wrap batch-others" role="group" aria-label={t("batches.otherSteps")}>
          {others
            .filter((action) => action !== shown)
            .map((action) => (
              <button
                key={action}
                type="button"
                class={action === "abandon" ? "button button-plain button-danger" : "button button-plain"}
                onClick={() => setOpen(action)}
              >
                {t(`batchDo.${action}`)}
              </button>
            ))}
        </div>
      ) : null}
    </section>
  );
}

/** What the draw is committed to: shown at once, so that it can be kept elsewhere. */
function Commitment({ batch, commitment, isApprover }: { batch: Batch; commitment: string; isApprover: boolean }) {
  const drawn = isApprover ? nonceOf(batch.id, commitment) : null;
  return (
    <div class="stack-tight">
      <p class="label">{t("draws.commitment")}</p>
      <p class="digest">{commitment}</p>
      <p class="meta">
        {t("draws.commitmentHint")}{" "}
        {batch.attempt > 1 ? <strong class="text-warn">{t("draws.attempt", { attempt: batch.attempt })}</strong> : null}
      </p>
      {drawn && batch.drawn_at !== null ? (
        <>
          <p class="label">{t("draws.ownNonce")}</p>
          <p class="digest">{drawn.nonce}</p>
          <p class="meta">{t("draws.ownNonceHint")}</p>
        </>
      ) : null}
      <p>
        <a href={link("draws", batch.id)}>{t("draws.toProof")}</a>
      </p>
    </div>
  );
}
