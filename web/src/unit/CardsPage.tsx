import { listIssuedCards } from "../api/followUp";
import type { PublicCard } from "../api/followUp";
import type { Page as Paged } from "../api/types";
import { link } from "../router";
import { addTexts, t } from "../texts";
import { zhCards } from "../texts/zh/cards";
import { formatDay } from "../time/moment";
import { Empty, Fetched } from "../ui/Notice";
import { Lazy } from "../ui/Lazy";
import { Page } from "../ui/Page";
import { part } from "../ui/part";
import { useCached } from "../ui/useCached";
import "../texts/withForms";

addTexts(zhCards, () => import("../texts/en/cards").then((part) => part.enCards));

/** What county leaders wrote. */
const notes = part(() => import("../leader/NotesList").then((module) => module.NotesList));

/** The cards, talks and referrals of the own unit. */
export function CardsPage() {
  const list = useCached<Paged<PublicCard>>("own-cards", listIssuedCards);
  return (
    <Page title={t("cards.title")} back={link("all")}>
      <div class="stack">
        <Fetched of={list}>
          {({ items }) =>
            items.length === 0 ? (
              <Empty>{t("cards.none")}</Empty>
            ) : (
              <div class="stack">
                <p class="meta">{t("cards.intro")}</p>
                <ul class="stack cards">
                  {items.map((card) => (
                    <li key={card.id}>
                      <Card card={card} />
                    </li>
                  ))}
                </ul>
              </div>
            )
          }
        </Fetched>
        <Lazy of={notes} props={{ isQuiet: true }} />
      </div>
    </Page>
  );
}

const dayOf = (day: string | null | undefined): string => (day ? formatDay(day) : "");

function Card({ card }: { card: PublicCard }) {
  const isWithdrawn = card.state === "withdrawn";
  return (
    <section class="card stack-tight" aria-label={t(`cards.measure.${card.measure}`)}>
      <p class="row-spread">
        <strong class={`grow ${isWithdrawn ? "" : card.measure === "yellow" ? "text-warn" : "text-danger"}`}>
          {t(`cards.measure.${card.measure}`)}
        </strong>
        <span class="meta">{t("cards.issuedOn", { day: dayOf(card.issued_on) })}</span>
      </p>
      <p lang="zh-CN">{card.grounds}</p>
      {card.reason ? <p lang="zh-CN">{t("cards.reason", { reason: card.reason })}</p> : null}
      {isWithdrawn ? (
        <p class="text-success" lang="zh-CN">
          {t("cards.withdrawn", { day: dayOf(card.withdrawn_on), reason: card.withdrawal_reason ?? "" })}
        </p>
      ) : null}
      {card.concluded_on ? (
        <p lang="zh-CN">
          {t(card.measure === "talk" ? "cards.talk" : "cards.taken", {
            day: dayOf(card.concluded_on),
            minutes: card.minutes ?? "",
          })}
          {card.document_no ? <span class="meta"> {card.document_no}</span> : null}
        </p>
      ) : null}
      {card.issue_id ? (
        <p>
          <a href={link("issue", card.issue_id)}>{t("cards.issue", { number: card.issue_number ?? "" })}</a>
        </p>
      ) : null}
    </section>
  );
}
