import { useState } from "preact/hooks";
import { asFailure } from "../../api/failure";
import type { Failure } from "../../api/failure";
import { NAME_CHARS_MAX, REASON_CHARS_MAX } from "../../api/limits";
import { answerRequest, askForName, listBatches, listNameRequests, readName } from "../../api/names";
import type { Batch, Name, NameRequest } from "../../api/names";
import { t } from "../../texts";
import { formatDay, formatMoment } from "../../time/moment";
import { ConfirmButton } from "../../ui/ConfirmButton";
import { FailureNotice, Fetched, Notice } from "../../ui/Notice";
import { TextField } from "../../ui/TextField";
import { useCached } from "../../ui/useCached";
import { faultAt } from "../plans/fault";
import { forgetTyped, useTyped, useTypedId } from "../../ui/useTyped";
import "./words";

/** The names behind the code names of a batch: asked for by one, consented to by another, read once. */
export function NamesSection() {
  const batches = useCached<Batch[]>("batches/drawn", listBatches);
  const [batch, setBatch] = useState("");
  return (
    <section class="no-print card stack" aria-label={t("plans.names")}>
      <p class="meta">{t("names.intro")}</p>
      <Fetched of={batches} rows={2}>
        {(all) => {
          const drawn = all.filter((one) => one.drawn_at !== null);
          if (drawn.length === 0) return <p>{t("names.noBatch")}</p>;
          return (
            <label class="field">
              <span class="label">{t("names.batch")}</span>
              <select value={batch} onChange={(event) => setBatch(event.currentTarget.value)}>
                <option value="">{t("names.chooseBatch")}</option>
                {drawn.map((one) => (
                  <option key={one.id} value={one.id} lang="zh-CN">
                    {one.plan.title}
                  </option>
                ))}
              </select>
            </label>
          );
        }}
      </Fetched>
      {batch === "" ? null : <Requests key={batch} batch={batch} />}
    </section>
  );
}

function Requests({ batch }: { batch: string }) {
  const requests = useCached<NameRequest[]>(`batches/${batch}/name-requests`, () => listNameRequests(batch));
  const [failure, setFailure] = useState<Failure | null>(null);
  // Kept nowhere but on this page, while it is open.
  const [told, setTold] = useState<{ code: string; name: Name } | null>(null);
  const attempt = async (work: () => Promise<void>) => {
    try {
      await work();
      setFailure(null);
    } catch (cause) {
      setFailure(asFailure(cause));
    } finally {
      requests.reload();
    }
  };
  const read = async (row: NameRequest) => setTold({ code: row.code_name, name: await readName(batch, row.id) });
  return (
    <>
      {told ? (
        <Notice tone="warn" role="status">
          <p>{t("names.is", { code: told.code, name: told.name.display_name, username: told.name.username })}</p>
        </Notice>
      ) : null}
      {failure ? <FailureNotice failure={failure} /> : null}
      <Fetched of={requests} rows={2}>
        {(all) =>
          all.length === 0 ? (
            <p>{t("names.none")}</p>
          ) : (
            <ul class="stack">
              {all.map((row) => (
                <li class="card card-tight stack-tight" key={row.id}>
                  <div class="row">
                    <strong lang="zh-CN">{row.code_name}</strong>
                    <span class="chip">{t(`names.${row.state}`)}</span>
                    <span class="meta">{t("names.askedOn", { day: formatDay(row.asked_at) })}</span>
                  </div>
                  <p lang="zh-CN">{row.reason}</p>
                  {row.expires_at && row.state !== "expired" ? (
                    <p class="meta">{t("names.until", { time: formatMoment(row.expires_at) })}</p>
                  ) : null}
                  <div class="row">
                    {row.allowed_actions.includes("consent") ? (
                      <button
                        type="button"
                        class="button button-primary"
                        onClick={() => void attempt(() => answerRequest(batch, row.id, true))}
                      >
                        {t("names.consent")}
                      </button>
                    ) : null}
                    {row.allowed_actions.includes("refuse") ? (
                      <button
                        type="button"
                        class="button"
                        onClick={() => void attempt(() => answerRequest(batch, row.id, false))}
                      >
                        {t("names.refuse")}
                      </button>
                    ) : null}
                    {row.allowed_actions.includes("read") ? (
                      <ConfirmButton
                        label={t("names.readNow")}
                        question={t("names.readSure")}
                        onConfirm={() => void attempt(() => read(row))}
                      />
                    ) : null}
                  </div>
                </li>
              ))}
            </ul>
          )
        }
      </Fetched>
      <Ask batch={batch} onAsked={requests.reload} />
    </>
  );
}

function Ask({ batch, onAsked }: { batch: string; onAsked: () => void }) {
  const form = `name/${batch}`;
  const [id, renew] = useTypedId(form);
  const [body, setBody] = useTyped(form, "body", { code_name: "", reason: "" });
  const [failure, setFailure] = useState<Failure | null>(null);
  const ask = async (event: Event) => {
    event.preventDefault();
    try {
      await askForName(batch, id, body);
      renew();
      setBody({ code_name: "", reason: "" });
      forgetTyped(form);
      setFailure(null);
      onAsked();
    } catch (cause) {
      setFailure(asFailure(cause));
    }
  };
  return (
    <form class="stack" aria-label={t("names.ask")} onSubmit={(event) => void ask(event)}>
      <TextField
        id="name-code"
        label={t("names.code")}
        hint={t("names.codeHint")}
        value={body.code_name}
        max={NAME_CHARS_MAX}
        error={faultAt(failure, "/code_name")}
        onInput={(code_name) => setBody({ ...body, code_name })}
      />
      <TextField
        id="name-reason"
        label={t("names.reason")}
        rows={2}
        value={body.reason}
        max={REASON_CHARS_MAX}
        error={faultAt(failure, "/reason")}
        onInput={(reason) => setBody({ ...body, reason })}
      />
      {failure ? (
        failure.code === "forbidden" ? (
          <Notice tone="warn" role="alert">
            <p>{t("names.onlyKeeper")}</p>
          </Notice>
        ) : (
          <FailureNotice failure={failure} />
        )
      ) : null}
      <div class="row">
        <button type="submit" class="button">
          {t("names.ask")}
        </button>
      </div>
    </form>
  );
}
