import { useState } from "preact/hooks";
import { listLeaders, listPairings, removePairing } from "../../api/charge";
import type { Leader, Pairing } from "../../api/charge";
import { asFailure } from "../../api/failure";
import type { Failure } from "../../api/failure";
import { link } from "../../router";
import { placeOf, unitOf } from "../../session/reference";
import { t } from "../../texts";
import { civilDay } from "../../time/civil";
import { formatDay, serverNow } from "../../time/moment";
import { ConfirmButton } from "../../ui/ConfirmButton";
import { FailureNotice, Fetched, Notice } from "../../ui/Notice";
import { Page } from "../../ui/Page";
import { useCached } from "../../ui/useCached";
import { useTyped } from "../../ui/useTyped";
import { Filter, fits, Search, Table } from "../settings/Table";
import { EndForm, PairingForm } from "./PairingForm";
import { mayEnd, noon, standOf } from "./terms";
import type { Stand } from "./terms";

const DAY_MS = 24 * 3_600_000;
const TONES: Record<Stand, string> = { now: "tone-success", later: "tone-info", over: "" };

export const withWords = ({ unit_id, point_id }: Pairing): string =>
  (unit_id === null ? placeOf(point_id)?.name : unitOf(unit_id)?.name) ?? t("pairing.gone");

/** Which county leaders look after which units and points, from when to when. */
export function PairingsPage() {
  const pairings = useCached<Pairing[]>("pairings", listPairings);
  const leaders = useCached<Leader[]>("leaders", listLeaders);
  return (
    <Page title={t("settings.pairings")} back={link("settings")} isWide>
      <div class="stack">
        <p class="meta">{t("pairing.intro")}</p>
        <Fetched of={leaders} rows={1}>
          {(people) => (
            <Fetched of={pairings} rows={6}>
              {(all) => <Rows all={all} leaders={people} onChanged={pairings.reload} />}
            </Fetched>
          )}
        </Fetched>
      </div>
    </Page>
  );
}

function Rows({ all, leaders, onChanged }: { all: Pairing[]; leaders: Leader[]; onChanged: () => void }) {
  const [words, setWords] = useState("");
  const [leader, setLeader] = useState("");
  const [stand, setStand] = useState("");
  /** What is open: a new pairing, one that is changed, or one whose end is set. */
  const [open, setOpen] = useTyped<{ kind: "new" | "change" | "end"; id: string } | null>("pairing", "open", null);
  const today = civilDay(serverNow());
  const yesterday = civilDay(serverNow() - DAY_MS);
  const nameOf = (id: string) => leaders.find((one) => one.id === id)?.display_name ?? t("pairing.unknown");
  const close = () => setOpen(null);
  const kept = () => {
    close();
    onChanged();
  };
  const opened = open && all.find((one) => one.id === open.id);
  return (
    <>
      {leaders.some((one) => one.active) ? (
        open?.kind === "new" ? (
          <PairingForm key="new" before={null} leaders={leaders} today={today} onKept={kept} onCancel={close} />
        ) : (
          <div class="wrap">
            <button type="button" class="button button-primary" onClick={() => setOpen({ kind: "new", id: "" })}>
              {t("pairing.add")}
            </button>
          </div>
        )
      ) : (
        <Notice tone="warn">
          <p>{t("pairing.noLeaders")}</p>
        </Notice>
      )}
      {open?.kind === "change" && opened ? (
        <PairingForm key={opened.id} before={opened} leaders={leaders} today={today} onKept={kept} onCancel={close} />
      ) : null}
      {open?.kind === "end" && opened ? (
        <EndForm
          key={opened.id}
          of={opened}
          title={`${nameOf(opened.leader_id)} – ${withWords(opened)}`}
          today={today}
          yesterday={yesterday}
          onKept={kept}
          onCancel={close}
        />
      ) : null}
      {all.length === 0 ? null : (
        <>
          <Search label={t("pairing.search")} value={words} onInput={setWords} />
          <div class="filters">
            <Filter
              label={t("pairing.leader")}
              value={leader}
              onChange={setLeader}
              options={leaders.map((one) => [one.id, one.display_name])}
            />
            <Filter
              label={t("pairing.state")}
              value={stand}
              onChange={setStand}
              options={(["now", "later", "over"] as const).map((one) => [one, t(`pairing.${one}`)])}
            />
          </div>
        </>
      )}
      <Table
        key={`${words}|${leader}|${stand}`}
        caption={t("settings.pairings")}
        rows={all.filter(
          (one) =>
            fits(words, nameOf(one.leader_id), withWords(one)) &&
            (leader === "" || one.leader_id === leader) &&
            (stand === "" || standOf(one, today) === stand),
        )}
        keyOf={(one) => one.id}
        empty={t(all.length === 0 ? "pairing.empty" : "table.empty")}
        columns={[
          { label: t("pairing.leader"), cell: (one) => <strong lang="zh-CN">{nameOf(one.leader_id)}</strong> },
          {
            label: t("pairing.with"),
            cell: (one) => (
              <>
                <span lang="zh-CN">{withWords(one)}</span>{" "}
                <span class="caption">{t(one.unit_id === null ? "place.title" : "unit.title")}</span>
              </>
            ),
          },
          {
            label: t("pairing.term"),
            cell: (one) => (
              <>
                {t("pairing.span", {
                  from: formatDay(noon(one.from)),
                  to: one.to === null ? t("pairing.open") : formatDay(noon(one.to)),
                })}{" "}
                <span class={`chip ${TONES[standOf(one, today)]}`}>{t(`pairing.${standOf(one, today)}`)}</span>
              </>
            ),
          },
          {
            label: t("pairing.actions"),
            cell: (one) => {
              const name = `${nameOf(one.leader_id)} – ${withWords(one)}`;
              if (standOf(one, today) === "later")
                return (
                  <span class="wrap">
                    <button
                      type="button"
                      class="button button-plain"
                      aria-label={`${t("pairing.change")} ${name}`}
                      onClick={() => setOpen({ kind: "change", id: one.id })}
                    >
                      {t("pairing.change")}
                    </button>
                    <Withdraw of={one} name={name} onGone={onChanged} />
                  </span>
                );
              return mayEnd(one, today, yesterday) ? (
                <button
                  type="button"
                  class="button button-plain"
                  aria-label={`${t("pairing.end")} ${name}`}
                  onClick={() => setOpen({ kind: "end", id: one.id })}
                >
                  {t("pairing.end")}
                </button>
              ) : null;
            },
          },
        ]}
      />
    </>
  );
}

function Withdraw({ of, name, onGone }: { of: Pairing; name: string; onGone: () => void }) {
  const [failure, setFailure] = useState<Failure | null>(null);
  return (
    <span class="stack-tight">
      <ConfirmButton
        label={t("pairing.withdraw")}
        name={`${t("pairing.withdraw")} ${name}`}
        question={t("pairing.withdrawSure", { name })}
        onConfirm={() => void removePairing(of.id).then(onGone, (cause: unknown) => setFailure(asFailure(cause)))}
      />
      {failure ? <FailureNotice failure={failure} /> : null}
    </span>
  );
}
