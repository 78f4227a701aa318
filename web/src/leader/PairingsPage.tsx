import { listOwnPairings } from "../api/leader";
import type { OwnPairing } from "../api/leader";
import { link } from "../router";
import { t } from "../texts";
import { civilDay } from "../time/civil";
import { formatDay, serverNow } from "../time/moment";
import { monthText } from "../time/monthText";
import { Empty, Fetched } from "../ui/Notice";
import { Page } from "../ui/Page";
import { useCached } from "../ui/useCached";
import { NoteForm } from "./NoteForm";
import { noon } from "./Notes";
import { NotesList } from "./NotesList";
import "../texts/withForms";
import "./words";

/** What a county leader is paired with 结对联创: how it stands, and the notes 督战 on it. */
export function PairingsPage() {
  const own = useCached<OwnPairing[]>("own-pairings", listOwnPairings);
  return (
    <Page title={t("leader.title")} back={link("overview")} isWide>
      <div class="stack">
        <p class="meta">{t("leader.intro")}</p>
        <Fetched of={own}>
          {(pairings) =>
            pairings.length === 0 ? (
              <Empty>{t("leader.none")}</Empty>
            ) : (
              <ul class="pairing-cards">
                {pairings.map((pairing) => (
                  <li key={pairing.id}>
                    <Pairing of={pairing} />
                  </li>
                ))}
              </ul>
            )
          }
        </Fetched>
        <NotesList />
      </div>
    </Page>
  );
}

/** How long a pairing lasts, where there is something to say about it. */
function spanText({ from, to, is_on: isOn }: OwnPairing): string {
  if (isOn) return to === null ? "" : t("leader.until", { day: formatDay(noon(to)) });
  const hasEnded = to !== null && to < civilDay(serverNow());
  return hasEnded ? t("leader.ended") : t("leader.begins", { day: formatDay(noon(from)) });
}

function Pairing({ of: pairing }: { of: OwnPairing }) {
  const { last, point_id: point, unit_id: unit } = pairing;
  const title = `pairing-${pairing.id}`;
  const issues = `${link("issues")}?${point === null ? `unit_id=${unit}` : `point_id=${point}`}`;
  return (
    <section class="card stack" aria-labelledby={title}>
      <p class="row-spread">
        <strong class="grow" id={title} lang="zh-CN">
          {pairing.name}
        </strong>
        <span class="meta">
          {t(point === null ? "leader.unit" : "leader.point")} {spanText(pairing)}
        </span>
      </p>
      <dl class="facts">
        <dt>{t("leader.open")}</dt>
        <dd>{t("leader.count", { count: pairing.open })}</dd>
        <dt>{t("leader.overdue")}</dt>
        <dd class={pairing.overdue > 0 ? "text-danger" : ""}>{t("leader.count", { count: pairing.overdue })}</dd>
        <dt>{t("leader.rebounds")}</dt>
        <dd class={pairing.rebounds > 0 ? "text-warn" : ""}>
          {t("leader.count", { count: pairing.rebounds })}{" "}
          <span class="meta">{t("leader.since", { day: formatDay(noon(pairing.since)) })}</span>
        </dd>
        {last ? (
          <>
            <dt>{t("leader.score", { month: monthText(last.month) })}</dt>
            <dd>
              {last.score ?? t("leader.noScore")}{" "}
              {last.rank === null ? null : <span class="meta">{t("leader.rank", { rank: last.rank })}</span>}
              {last.standing === null ? null : <span class="chip">{t(`leader.${last.standing}`)}</span>}
            </dd>
          </>
        ) : (
          <>
            <dt>{t("leader.scoreOnly")}</dt>
            <dd>{t("leader.noLast")}</dd>
          </>
        )}
      </dl>
      <p class="wrap no-print">
        <a class="button" href={issues}>
          {t("leader.issues")}
        </a>
        {last && point === null ? (
          <a class="button" href={link("months", last.month, "unit", unit)}>
            {t("leader.card")}
          </a>
        ) : null}
      </p>
      {pairing.is_on ? <NoteForm pairing={pairing.id} onSent={() => undefined} /> : null}
    </section>
  );
}
