import type { JSX } from "preact";
import { link, route } from "../../router";
import { addTexts, t } from "../../texts";
import { zhFollow } from "../../texts/zh/follow";
import { Lazy } from "../../ui/Lazy";
import { NotFoundPage } from "../../ui/NotFoundPage";
import { Page } from "../../ui/Page";
import { part } from "../../ui/part";
import { Cards } from "./Cards";
import { Cases } from "./Cases";
import { Dispatch } from "./Dispatch";
import { DispatchPaper } from "./DispatchPaper";
import { Repeats } from "./Repeats";
import { SelfFound } from "./SelfFound";
import { Samples } from "./Samples";
import { SamplePage } from "./SamplePage";
import "../words";
import "../../texts/withForms";

addTexts(zhFollow, () => import("../../texts/en/follow").then((part) => part.enFollow));

/** A file of its own, which the unit's page of cards fetches too. */
const notes = part(() => import("../../leader/NotesList").then((module) => module.NotesList));

const TABS = ["dispatch", "cards", "self", "samples", "repeats", "notes", "cases"] as const;

const SHOWN: Record<(typeof TABS)[number], () => JSX.Element> = {
  dispatch: Dispatch,
  cards: Cards,
  self: SelfFound,
  samples: Samples,
  repeats: Repeats,
  notes: () => <Lazy of={notes} props={{}} />,
  cases: Cases,
};

/** Following up 督办: today's list, cards, look-back samples, and accountability cases. */
export function FollowUpPages() {
  const [, tab = "dispatch", third] = route.value.path;
  if (tab === "dispatch" && third === "print") return <DispatchPaper />;
  if (tab === "samples" && third) return <SamplePage key={third} id={third} />;
  const shown = TABS.find((one) => one === tab);
  if (!shown) return <NotFoundPage />;
  const Shown = SHOWN[shown];
  return (
    <Page title={t("follow.title")} back={link("overview")}>
      <div class="stack">
        <nav class="segments segments-wrap" aria-label={t("follow.title")}>
          {TABS.map((one) => (
            <a key={one} href={link("follow", one)} aria-current={one === shown ? "true" : undefined}>
              {t(`follow.tab.${one}`)}
            </a>
          ))}
        </nav>
        <Shown />
      </div>
    </Page>
  );
}
