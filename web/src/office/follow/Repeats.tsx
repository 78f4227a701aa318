import { readRepeats } from "../../api/repeats";
import type { Repeats as Told, RepeatShare } from "../../api/repeats";
import { t } from "../../texts";
import { formatDay } from "../../time/moment";
import { Fetched } from "../../ui/Notice";
import { useCached } from "../../ui/useCached";

/** Months of draws that are counted. Source: our choice; in a year a county has some hundreds of repeats. */
const MONTHS = 12;

const FIGURES = ["missed", "only_first", "milder", "stricter", "left_out"] as const;

/** Hundredths of a percent, as people write them. */
const percent = (hundredths: number): string => `${(hundredths / 100).toFixed(2)}%`;

/** Half up, like every figure of the service. */
const rounded = ({ count, of }: RepeatShare): string => percent(Math.floor((count * 20_000 + of) / (2 * of)));

/** Visits that were made again without anybody knowing which 双盲复查: all together, about nobody. */
export function Repeats() {
  const told = useCached<Told>("repeat-visits", () => readRepeats(MONTHS));
  return (
    <div class="stack">
      <p class="meta">{t("follow.repeat.intro")}</p>
      <Fetched of={told}>
        {(body) => (
          <section class="card stack">
            <p>
              {t("follow.repeat.sum", {
                from: formatDay(`${body.from}T04:00:00Z`),
                visits: body.visits,
                drawn: body.drawn,
                given: body.given,
                pairs: body.pairs,
                open: body.open,
                noSlot: body.no_slot,
                nobody: body.nobody,
              })}
            </p>
            {body.figures === null ? (
              <p>{t("follow.repeat.tooFew", { pairs: body.pairs_min, people: body.people_min })}</p>
            ) : (
              <table class="figure-table">
                <thead>
                  <tr>
                    <th scope="col">{t("follow.repeat.figure")}</th>
                    <th scope="col">{t("follow.repeat.share")}</th>
                    <th scope="col">{t("follow.repeat.bounds")}</th>
                    <th scope="col">{t("follow.repeat.count")}</th>
                  </tr>
                </thead>
                <tbody>
                  {FIGURES.map((name) => (
                    <Row key={name} name={name} share={body.figures?.[name] ?? null} />
                  ))}
                </tbody>
              </table>
            )}
          </section>
        )}
      </Fetched>
    </div>
  );
}

function Row({ name, share }: { name: (typeof FIGURES)[number]; share: RepeatShare | null }) {
  return (
    <tr>
      <th scope="row">{t(`follow.repeat.${name}`)}</th>
      {share === null ? (
        <td colSpan={3}>{t("follow.repeat.none")}</td>
      ) : (
        <>
          <td>{rounded(share)}</td>
          <td>{t("follow.repeat.between", { low: percent(share.low), high: percent(share.high) })}</td>
          <td>{t("follow.repeat.of", { count: share.count, of: share.of })}</td>
        </>
      )}
    </tr>
  );
}
