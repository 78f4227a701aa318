import { useState } from "preact/hooks";
import { asFailure } from "../../api/failure";
import type { Failure } from "../../api/failure";
import { listCards, takeCardStep } from "../../api/followUp";
import type { CardAction, CardState, OfficeCard } from "../../api/followUp";
import { CODE_CHARS_MAX, MINUTES_CHARS_MAX, REASON_CHARS_MAX } from "../../api/limits";
import type { Page as Paged } from "../../api/types";
import { go, link, route } from "../../router";
import { t } from "../../texts";
import { formatMoment, serverNow } from "../../time/moment";
import { civilDay } from "../../time/civil";
import { TextField } from "../../ui/Choices";
import { usePages } from "../../ui/issuePages";
import { MoreRows } from "../../ui/MoreRows";
import { Empty, FailureNotice, Fetched, Notice } from "../../ui/Notice";
import { useCached } from "../../ui/useCached";
import { forgetTyped, useTyped } from "../../ui/useTyped";

/** What the list can show. Proposals come first, because they wait for a decision. */
const STATES = ["proposed", "issued", "concluded", "withdrawn", "dropped"] as const satisfies readonly CardState[];

/** Cards, talks and referrals by state. */
export function Cards() {
  const asked = route.value.query.get("state");
  const state = STATES.find((one) => one === asked) ?? "proposed";
  return (
    <div class="stack">
      <label class="field">
        <span class="label">{t("follow.card.state")}</span>
        <select value={state} onChange={(event) => go(`${link("follow", "cards")}?state=${event.currentTarget.value}`)}>
          {STATES.map((one) => (
            <option key={one} value={one}>
              {t(`follow.state.${one}`)}
            </option>
          ))}
        </select>
      </label>
      <CardList key={state} state={state} />
    </div>
  );
}

function CardList({ state }: { state: CardState }) {
  const first = useCached<Paged<OfficeCard>>(`cards/${state}`, () => listCards(state, null));
  const pages = usePages<OfficeCard>(`cards/${state}`, first, (from) => listCards(state, from), 50);
  return (
    <Fetched of={first}>
      {() =>
        pages.rows.length === 0 ? (
          <Empty>{t(state === "proposed" ? "follow.card.none" : "follow.card.noneSuch")}</Empty>
        ) : (
          <div class="stack">
            {state === "proposed" ? <p class="meta">{t("follow.card.intro")}</p> : null}
            <ul class="stack cards">
              {pages.rows.map((card) => (
                <li key={card.id} id={`row-${card.id}`}>
                  <CardItem card={card} onTaken={pages.replace} />
                </li>
              ))}
            </ul>
            {pages.hasMore ? <MoreRows of={pages} /> : null}
          </div>
        )
      }
    </Fetched>
  );
}

function CardItem({ card, onTaken }: { card: OfficeCard; onTaken: (card: OfficeCard) => void }) {
  const [action, setAction] = useTyped<CardAction | null>(`card/${card.id}/${card.state}`, "open", null);
  const said = [
    ["follow.card.issuedBy", card.issued],
    ["follow.card.droppedBy", card.dropped],
    ["follow.card.withdrawnBy", card.withdrawn],
    ["follow.card.concludedBy", card.concluded],
  ] as const;
  return (
    <section class="card stack-tight" aria-label={t(`follow.measure.${card.measure}`)}>
      <p class="row-spread">
        <strong class={`grow ${card.measure === "yellow" ? "text-warn" : "text-danger"}`}>
          {t(`follow.measure.${card.measure}`)}
        </strong>
        <span class="meta">{t(`follow.state.${card.state}`)}</span>
      </p>
      <p lang="zh-CN">{card.unit_name}</p>
      <p lang="zh-CN">{card.proposal}</p>
      <p class="meta">
        {[
          t(`follow.trigger.${card.trigger}`),
          t("follow.card.proposedAt", { at: formatMoment(card.proposed_at) }),
          t("follow.card.told", { who: t(`follow.addressee.${card.addressee}`) }),
        ].join(" · ")}
      </p>
      {card.issue_id ? (
        <p>
          <a class="tap" href={link("issue", card.issue_id)}>
            {t("follow.card.issue", { number: card.issue_number ?? "" })}
          </a>
        </p>
      ) : null}
      {said.map(([key, vote]) =>
        vote ? (
          <p class="meta" key={key}>
            {t(key, { who: vote.by?.display_name ?? t("follow.service"), at: formatMoment(vote.at) })}
            {t("punctuation.colon")}
            <span lang="zh-CN">{vote.reason}</span>
          </p>
        ) : null,
      )}
      {card.withdrawal ? (
        <Notice tone="warn">
          <p>{t("follow.card.withdrawal", { why: card.withdrawal })}</p>
        </Notice>
      ) : null}
      {action ? (
        <StepForm card={card} action={action} onTaken={onTaken} onCancel={() => setAction(null)} />
      ) : card.allowed_actions.length > 0 ? (
        <p class="row">
          {card.allowed_actions.map((one, at) => (
            <button
              type="button"
              key={one}
              class={at === 0 ? "button button-primary" : "button"}
              onClick={() => setAction(one)}
            >
              {t(`follow.action.${one}`)}
            </button>
          ))}
        </p>
      ) : null}
    </section>
  );
}

function StepForm({
  card,
  action,
  onTaken,
  onCancel,
}: {
  card: OfficeCard;
  action: CardAction;
  onTaken: (card: OfficeCard) => void;
  onCancel: () => void;
}) {
  const form = `card/${card.id}/${card.state}`;
  const [reason, setReason] = useTyped(form, "reason", "");
  const [on, setOn] = useTyped(form, "on", civilDay(serverNow()));
  const [minutes, setMinutes] = useTyped(form, "minutes", "");
  const [number, setNumber] = useTyped(form, "number", "");
  const [isBusy, setBusy] = useState(false);
  const [failure, setFailure] = useState<Failure | null>(null);
  const concludes = action === "conclude";
  const isReady = concludes ? minutes.trim() !== "" && on !== "" : reason.trim() !== "";
  async function send() {
    setBusy(true);
    setFailure(null);
    const body = concludes
      ? { on, minutes: minutes.trim(), ...(number.trim() === "" ? {} : { document_no: number.trim() }) }
      : { reason: reason.trim() };
    try {
      onTaken(await takeCardStep(card, action, body));
      onCancel();
      forgetTyped(form);
    } catch (cause) {
      setFailure(asFailure(cause));
    } finally {
      setBusy(false);
    }
  }
  const field = (name: string) => `${name}-${card.id}`;
  return (
    <form
      class="stack"
      onSubmit={(event) => {
        event.preventDefault();
        if (isReady && !isBusy) void send();
      }}
    >
      {concludes ? (
        <>
          <TextField
            id={field("on")}
            label={t(card.measure === "talk" ? "follow.card.talkOn" : "follow.card.takenOn")}
            type="date"
            value={on}
            onInput={setOn}
          />
          <TextField
            id={field("minutes")}
            label={t(card.measure === "talk" ? "follow.card.minutes" : "follow.card.takenBy")}
            rows={4}
            max={MINUTES_CHARS_MAX}
            value={minutes}
            onInput={setMinutes}
          />
          <TextField
            id={field("number")}
            label={t("follow.card.number")}
            max={CODE_CHARS_MAX}
            value={number}
            onInput={setNumber}
          />
        </>
      ) : (
        <TextField
          id={field("reason")}
          label={t(`follow.reason.${action}`)}
          rows={3}
          max={REASON_CHARS_MAX}
          value={reason}
          onInput={setReason}
        />
      )}
      {failure ? <FailureNotice failure={failure} /> : null}
      <p class="row">
        <button type="submit" class="button button-primary" disabled={!isReady || isBusy}>
          {t(`follow.action.${action}`)}
        </button>
        <button
          type="button"
          class="button"
          onClick={() => {
            forgetTyped(form);
            onCancel();
          }}
        >
          {t("action.cancel")}
        </button>
      </p>
    </form>
  );
}
