import { readForecast } from "../../api/batches";
import type { Forecast, ForecastRange } from "../../api/batches";
import { t } from "../../texts";
import { Fetched } from "../../ui/Notice";
import { useCached } from "../../ui/useCached";
import { typeText } from "./look";

/** A number, or from which to which. */
const rangeText = ({ least, most }: ForecastRange): string =>
  least === most ? String(least) : t("forecast.range", { least, most });

/** What the plan would lead to: the results of draws that are tried and thrown away. */
export function ForecastSection({ id }: { id: string }) {
  const forecast = useCached<Forecast>(`batches/${id}/forecast`, () => readForecast(id));
  return (
    <section class="card stack" aria-labelledby="forecast-title">
      <h2 id="forecast-title">{t("forecast.title")}</h2>
      <Fetched of={forecast} rows={3}>
        {(body) => (
          <>
            <ul class="batch-forecast">
              <Line name="tasks" value={body.tasks} of={body.places} isShort={body.tasks.least < body.places} />
              <Line name="types" value={body.point_types} of={body.covered.point_types} />
              <Line name="areas" value={body.areas} of={body.covered.areas} />
              <Line name="units" value={body.units} of={body.covered.units} />
              <Line name="never" value={body.never_visited} of={body.covered.never_visited} />
            </ul>
            <Faults of={body} />
            <p class="meta">
              {t("forecast.method", {
                trials: body.trials,
                points: body.covered.points,
                inspectors: body.inspectors,
              })}
            </p>
          </>
        )}
      </Fetched>
    </section>
  );
}

function Line({
  name,
  value,
  of,
  isShort = false,
}: {
  name: "tasks" | "types" | "areas" | "units" | "never";
  value: ForecastRange;
  of: number;
  isShort?: boolean;
}) {
  return (
    <li>
      <span class={`figure ${isShort ? "text-warn" : ""}`}>{rangeText(value)}</span>
      <span>{t(`forecast.${name}`, { of })}</span>
    </li>
  );
}

/** What the plan asks for and would not get. */
function Faults({ of }: { of: Forecast }) {
  const lines = [
    of.evening_missing.most > 0 ? t("forecast.evening", { count: rangeText(of.evening_missing) }) : "",
    of.weekend_missing.most > 0 ? t("forecast.weekend", { count: rangeText(of.weekend_missing) }) : "",
    ...of.undrawable.map(({ reason, points }) =>
      t("forecast.undrawable", { count: rangeText(points), reason: t(`undrawable.${reason}`) }),
    ),
    of.missed_types.length > 0
      ? t("forecast.missedTypes", { types: of.missed_types.map(typeText).join(t("batches.and")) })
      : "",
  ].filter((line) => line !== "");
  if (lines.length === 0) return null;
  return (
    <ul class="stack-tight batch-faults">
      {lines.map((line) => (
        <li key={line}>{line}</li>
      ))}
    </ul>
  );
}
