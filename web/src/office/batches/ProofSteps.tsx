import { useEffect, useState } from "preact/hooks";
import { placeOf } from "../../session/reference";
import { t } from "../../texts";
import { Notice } from "../../ui/Notice";
import { areaText, dayText, typeText } from "./look";
import type { Nonce } from "./nonce";
import { clockOf } from "./planForm";
import { CHECKS, isSame, replay } from "./replay/proof";
import type { Checked, Proof, Task } from "./replay/proof";

/** The steps after the release: both halves of the seed, pool, rules, the order drawn, and the draw made again here. */
export function ProofSteps({ proof, own }: { proof: Proof; own: Nonce | null }) {
  return (
    <>
      <Seed proof={proof} own={own} />
      <Pool proof={proof} />
      <Drawn proof={proof} />
      {proof.redraws.length > 0 ? <Redraws proof={proof} /> : null}
      <Again proof={proof} />
    </>
  );
}

function Seed({ proof, own }: { proof: Proof; own: Nonce | null }) {
  const { secret, nonce } = proof.reveal;
  return (
    <section class="card stack" aria-labelledby="seed-title">
      <h2 id="seed-title">{t("proof.seed")}</h2>
      <p>{t("proof.seedWords")}</p>
      <dl class="stack-tight proof-parts">
        <dt>{t("proof.secret")}</dt>
        <dd class="digest">{secret}</dd>
        <dt>{t("proof.nonce")}</dt>
        <dd class="digest">{nonce}</dd>
        <dt>{t("proof.seedItself")}</dt>
        <dd class="digest">{proof.seed}</dd>
      </dl>
      {own === null ? null : (
        <p class={own.nonce === nonce ? "text-success" : "text-danger"} role="status">
          {t(own.nonce === nonce ? "proof.nonceSame" : "proof.nonceOther")}
        </p>
      )}
    </section>
  );
}

function Pool({ proof: { pool, rules } }: { proof: Proof }) {
  const active = pool.points.filter((point) => point.active);
  const recusals = pool.inspectors.reduce(
    (sum, one) => sum + one.recused_points.length + one.recused_units.length + one.recent_points.length,
    0,
  );
  const types = new Map<string, number>();
  for (const point of active) types.set(point.point_type, (types.get(point.point_type) ?? 0) + 1);
  return (
    <section class="card stack" aria-labelledby="pool-title">
      <h2 id="pool-title">{t("proof.pool")}</h2>
      <p>
        {t("proof.poolWords", {
          points: active.length,
          types: types.size,
          areas: new Set(active.map((point) => point.area)).size,
          units: new Set(active.map((point) => point.lead_unit)).size,
          inspectors: pool.inspectors.filter((one) => one.available).length,
          recusals,
          never: active.filter((point) => point.days_since_visit === null).length,
        })}
      </p>
      <p>{t("proof.weights", { demo: rules.demo_percent })}</p>
      <details>
        <summary>{t("proof.poolTypes")}</summary>
        <ul class="batch-points">
          {[...types]
            .sort((a, b) => b[1] - a[1])
            .map(([type, count]) => (
              <li key={type}>
                <span>{typeText(type)}</span>
                <span class="meta">{t("proof.points", { count })}</span>
              </li>
            ))}
        </ul>
      </details>
      <p class="meta">
        {t("proof.rulesWords", {
          open: rules.open_places,
          proportional: rules.proportional_places,
          quotas: rules.quotas.reduce((sum, quota) => sum + quota.count, 0),
          slots: rules.slots.length,
          evening: rules.evening_min,
          weekend: rules.weekend_min,
          point: rules.point_visits_max,
          unit: rules.unit_visits_max,
          tasks: rules.tasks_per_inspector_max,
        })}
      </p>
    </section>
  );
}

/** The name of a point; one that is not on the list any more has only its id. */
const nameOf = (id: string): string => placeOf(id)?.name ?? id;
const timeOf = ({ slot }: Task): string =>
  `${dayText(slot.date)} ${clockOf(slot.from_minute)}–${clockOf(slot.to_minute)}`;

function Drawn({ proof: { outcome, pool } }: { proof: Proof }) {
  const codes = new Map(outcome.code_names.map(({ inspector, code }) => [inspector, code]));
  const byId = new Map(pool.points.map((point) => [point.id, point]));
  const { shortfalls } = outcome;
  const missing = shortfalls.places + shortfalls.evening + shortfalls.weekend;
  return (
    <section class="card stack" aria-labelledby="drawn-title">
      <h2 id="drawn-title">{t("proof.order")}</h2>
      <p>{t("proof.orderWords", { tasks: outcome.tasks.length })}</p>
      <table class="batch-table batch-table-dense">
        <caption class="visually-hidden">{t("proof.order")}</caption>
        <thead>
          <tr>
            <th scope="col">{t("proof.number")}</th>
            <th scope="col">{t("visits.point")}</th>
            <th scope="col">{t("proof.slot")}</th>
            <th scope="col">{t("proof.who")}</th>
          </tr>
        </thead>
        <tbody>
          {outcome.tasks.map((task) => (
            <tr key={task.number}>
              <td data-label={t("proof.number")}>{task.number}</td>
              <td lang="zh-CN">
                {nameOf(task.point)}{" "}
                <span class="meta">
                  {typeText(byId.get(task.point)?.point_type ?? "")}
                  {t("punctuation.dot")}
                  {areaText(byId.get(task.point)?.area ?? "")}
                </span>
              </td>
              <td data-label={t("proof.slot")}>{timeOf(task)}</td>
              <td data-label={t("proof.who")} lang="zh-CN">
                {task.inspectors.map((one) => codes.get(one) ?? "–").join(t("batches.and"))}
              </td>
            </tr>
          ))}
        </tbody>
      </table>
      {missing > 0 ? (
        <p>
          {t("proof.shortfalls", {
            places: shortfalls.places,
            evening: shortfalls.evening,
            weekend: shortfalls.weekend,
          })}
        </p>
      ) : null}
      {outcome.undrawable.length > 0 ? (
        <details>
          <summary>{t("proof.undrawable", { count: outcome.undrawable.length })}</summary>
          <ul class="batch-points">
            {outcome.undrawable.map(({ point, reason }) => (
              <li key={point}>
                <span lang="zh-CN">{nameOf(point)}</span>
                <span class="meta">{t(`undrawable.${reason as "recusals"}`)}</span>
              </li>
            ))}
          </ul>
        </details>
      ) : null}
    </section>
  );
}

function Redraws({ proof: { redraws, outcome } }: { proof: Proof }) {
  const codes = new Map(outcome.code_names.map(({ inspector, code }) => [inspector, code]));
  return (
    <section class="card stack" aria-labelledby="redraws-title">
      <h2 id="redraws-title">{t("proof.redraws")}</h2>
      <p>{t("proof.redrawsWords", { count: redraws.length })}</p>
      <ul class="stack-tight">
        {redraws.map((made) => (
          <li key={`${made.task} ${made.count}`} lang="zh-CN">
            {t(made.replacement === null ? "proof.dropped" : "proof.replaced", {
              task: made.task,
              recused: codes.get(made.recused) ?? "–",
              replacement: made.replacement === null ? "" : (codes.get(made.replacement) ?? "–"),
            })}
          </li>
        ))}
      </ul>
    </section>
  );
}

/** The draw, made again by this browser. */
function Again({ proof }: { proof: Proof }) {
  const [checked, setChecked] = useState<Checked | "failed" | null>(null);
  useEffect(() => {
    // After the page has been drawn: a large pool takes a moment.
    const timer = setTimeout(() => {
      try {
        setChecked(replay(proof));
      } catch {
        setChecked("failed");
      }
    }, 50);
    return () => clearTimeout(timer);
  }, [proof]);
  const isSound = checked !== null && checked !== "failed" && isSame(checked);
  return (
    <section class="card stack" aria-labelledby="again-title">
      <h2 id="again-title">{t("proof.again")}</h2>
      <p>{t("proof.againWords")}</p>
      {checked === null ? (
        <p role="status">{t("proof.replaying")}</p>
      ) : (
        <Notice tone={isSound ? "success" : "danger"} role="status">
          <p>{t(isSound ? "proof.same" : "proof.differs")}</p>
        </Notice>
      )}
      {checked === null || checked === "failed" ? null : (
        <ul class="stack-tight">
          {CHECKS.map((check) => (
            <li key={check} class={checked[check] ? "" : "text-danger"}>
              <span aria-hidden="true">{checked[check] ? "✓ " : "✗ "}</span>
              {t(`proofCheck.${check}`)}
              <span class="visually-hidden">{t(checked[check] ? "proof.holds" : "proof.fails")}</span>
            </li>
          ))}
        </ul>
      )}
    </section>
  );
}
