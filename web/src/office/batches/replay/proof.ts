// The proof of a draw and its checks, by docs/DRAW.md and nothing of the service's own code.
import { draw } from "./draw";
import { byText } from "./order";
import { redraw } from "./redraw";
import { fromHex, hex, hmac, joined, sha256, utf8 } from "./sha256";

export type Kind = "day" | "evening" | "weekend";
export interface Slot {
  date: string;
  from_minute: number;
  to_minute: number;
  kind: Kind;
}
export interface Point {
  id: string;
  point_type: string;
  area: string;
  active: boolean;
  demo: boolean;
  severe: boolean;
  lead_unit: string;
  other_units: string[];
  open_rebounds: number;
  days_since_visit: number | null;
  visits_this_month: number;
  open: Kind[];
}
export interface Inspector {
  id: string;
  available: boolean;
  recused_points: string[];
  recused_units: string[];
  recent_points: string[];
}
export interface Pool {
  points: Point[];
  units: { id: string; visits_this_month: number }[];
  inspectors: Inspector[];
}
export interface Rules {
  algorithm: string;
  slots: Slot[];
  evening_min: number;
  weekend_min: number;
  open_places: number;
  proportional_places: number;
  quotas: { point_type: string; area: string; count: number }[];
  point_visits_max: number;
  unit_visits_max: number;
  pair_types: string[];
  pair_severe: boolean;
  tasks_per_inspector_max: number;
  demo_percent: number;
}
export interface Task {
  number: number;
  point: string;
  slot: Slot;
  inspectors: string[];
}
export interface Outcome {
  code_names: { inspector: string; code: string }[];
  tasks: Task[];
  undrawable: { point: string; reason: string }[];
  shortfalls: {
    places: number;
    evening: number;
    weekend: number;
    strata: { point_type: string; area: string; missing: number }[];
  };
}
export interface Redraw {
  task: number;
  count: number;
  recused: string;
  replacement: string | null;
}
export interface Proof {
  format: string;
  commitment: {
    algorithm: string;
    batch: string;
    attempt: number;
    secret_sha256: string;
    pool_sha256: string;
    rules_sha256: string;
  };
  commitment_sha256: string;
  reveal: { secret: string; nonce: string };
  seed: string;
  pool: Pool;
  rules: Rules;
  outcome: Outcome;
  redraws: Redraw[];
}

const isRecord = (value: unknown): value is Record<string, unknown> =>
  typeof value === "object" && value !== null && !Array.isArray(value);

/** Canonical JSON of section 2: members in order, no spaces, nothing left out. */
export function canonical(value: unknown): string {
  if (Array.isArray(value)) return `[${value.map(canonical).join(",")}]`;
  if (!isRecord(value)) return JSON.stringify(value);
  const members = Object.keys(value)
    .sort()
    .map((name) => `${JSON.stringify(name)}:${canonical(value[name])}`);
  return `{${members.join(",")}}`;
}

const labelled = (label: string, data: Uint8Array): string => hex(sha256(joined(utf8(`${label}\0`), data)));

/** The lists in the order of section 3. */
export function inOrder(proof: Pick<Proof, "pool" | "rules">): { pool: Pool; rules: Rules } {
  const byId = <T extends { id: string }>(items: T[]): T[] => [...items].sort((a, b) => byText(a.id, b.id));
  const { pool, rules } = proof;
  return {
    pool: { points: byId(pool.points), units: byId(pool.units), inspectors: byId(pool.inspectors) },
    rules: {
      ...rules,
      slots: [...rules.slots].sort((a, b) => byText(a.date, b.date) || a.from_minute - b.from_minute),
      quotas: [...rules.quotas].sort((a, b) => byText(a.point_type, b.point_type) || byText(a.area, b.area)),
    },
  };
}

/** What is compared, in the order in which somebody follows it. */
export const CHECKS = ["format", "secret", "pool", "rules", "commitment", "seed", "outcome", "redraws"] as const;
export type Check = (typeof CHECKS)[number];
export type Checked = Record<Check, boolean>;

/** Makes the draw again, and says of each part whether it is the one of the proof. */
export function replay(proof: Proof): Checked {
  const { pool, rules } = inOrder(proof);
  const { commitment } = proof;
  const secret = fromHex(proof.reveal.secret);
  const digest = labelled("anfang-draw/1 commitment", utf8(canonical(commitment)));
  const message = joined(utf8("anfang-draw/1 seed\0"), fromHex(proof.reveal.nonce), fromHex(digest));
  const seed = hmac(secret, message);
  const { outcome, tasks } = draw(pool, rules, seed);
  const same = (one: unknown, other: unknown): boolean => canonical(one) === canonical(other);
  // Each redraw is made with the tasks as the ones before left them.
  let left = tasks;
  const redraws = proof.redraws.map((made, at) => {
    const again = redraw(pool, rules, seed, left, proof.redraws.slice(0, at), made);
    left = again.tasks;
    return again.redraw;
  });
  return {
    format:
      proof.format === "anfang-draw-proof/1" &&
      commitment.algorithm === "anfang-draw/1" &&
      rules.algorithm === "anfang-draw/1",
    secret: commitment.secret_sha256 === labelled("anfang-draw/1 secret", secret),
    pool: commitment.pool_sha256 === labelled("anfang-draw/1 pool", utf8(canonical(pool))),
    rules: commitment.rules_sha256 === labelled("anfang-draw/1 rules", utf8(canonical(rules))),
    commitment: proof.commitment_sha256 === digest,
    seed: proof.seed === hex(seed),
    outcome: same(proof.outcome, outcome),
    redraws: same(proof.redraws, redraws),
  };
}

export const isSame = (checked: Checked): boolean => CHECKS.every((check) => checked[check]);

/** Whether it looks like a proof at all: it was read as JSON and may be anything. */
export const isProof = (value: unknown): value is Proof =>
  isRecord(value) &&
  isRecord(value.commitment) &&
  isRecord(value.reveal) &&
  isRecord(value.pool) &&
  isRecord(value.rules) &&
  isRecord(value.outcome) &&
  Array.isArray(value.redraws);
