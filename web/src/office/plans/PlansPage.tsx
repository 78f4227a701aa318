import { link, route } from "../../router";
import { may } from "../../session/session";
import { t } from "../../texts";
import { NotFoundPage } from "../../ui/NotFoundPage";
import { Page } from "../../ui/Page";
import { NamesSection } from "../names/NamesSection";
import { AreasSection } from "./AreasSection";
import { BoardSection } from "./BoardSection";
import { BurdenSection } from "./BurdenSection";
import { GapSection } from "./GapSection";
import { HeadsSection } from "./HeadsSection";
import { NeedsSection } from "./NeedsSection";
import { ScheduleSection } from "./ScheduleSection";
import { ZonesSection } from "./ZonesSection";
import "../office.css";
import "../figures/figures.css";
import "./plans.css";
import "../words";
import "../figures/words";
import "./words";
import "../../texts/withForms";

const SECTIONS = {
  gaps: { draw: GapSection, isOffice: true },
  board: { draw: BoardSection, isOffice: true },
  schedule: { draw: ScheduleSection, isOffice: false },
  needs: { draw: NeedsSection, isOffice: true },
  areas: { draw: AreasSection, isOffice: false },
  burden: { draw: BurdenSection, isOffice: true },
  heads: { draw: HeadsSection, isOffice: true },
  zones: { draw: ZonesSection, isOffice: true },
  names: { draw: NamesSection, isOffice: true },
} as const;
type Section = keyof typeof SECTIONS;

const isSection = (name: string): name is Section => name in SECTIONS;

/** Where to improve next; leaders see the schedules and the areas of it. */
export function PlansPage() {
  const isOffice = may("manage-planning");
  const names = (Object.keys(SECTIONS) as Section[]).filter((name) => isOffice || !SECTIONS[name].isOffice);
  const asked = route.value.path[1] ?? names[0] ?? "";
  if (!isSection(asked) || !names.includes(asked)) return <NotFoundPage />;
  const Draw = SECTIONS[asked].draw;
  return (
    <Page
      title={`${t("plans.title")}${t("punctuation.dot")}${t(`plans.${asked}`)}`}
      back={link("overview")}
      isWide
      aside={
        <button type="button" class="button" onClick={() => print()}>
          {t("plans.print")}
        </button>
      }
    >
      <div class="stack-wide">
        <nav class="wrap no-print" aria-label={t("plans.sections")}>
          {names.map((name) => (
            <a
              key={name}
              class="phrase plans-tab"
              href={link("plans", name)}
              aria-current={name === asked ? "page" : undefined}
            >
              {t(`plans.${name}`)}
            </a>
          ))}
        </nav>
        <Draw />
      </div>
    </Page>
  );
}
