// The draw that the browser makes again: by the test vectors of docs/DRAW.md, section 10.
import { createHash, createHmac } from "node:crypto";
import { readFileSync } from "node:fs";
import { resolve } from "node:path";
import { describe, expect, it } from "vitest";
import { draw } from "../src/office/batches/replay/draw";
import { canonical, CHECKS, inOrder, isSame, replay } from "../src/office/batches/replay/proof";
import type { Check, Outcome, Pool, Proof, Redraw, Rules } from "../src/office/batches/replay/proof";
import { fromHex, hex, hmac, sha256, utf8 } from "../src/office/batches/replay/sha256";
import { Stream } from "../src/office/batches/replay/stream";

const text = readFileSync(resolve(__dirname, "../../docs/DRAW.md"), "utf8");
const section = text.slice(text.indexOf("## 10. Test vectors"), text.indexOf("## 11."));
const blocks = [...section.matchAll(/```(?:json)?\n([^`]*)\n```/g)].map(([, block]) => block ?? "");
const [pool = "", rules = "", digests = "", commitment = "", seeds = "", outcome = "", redraws = ""] = blocks;
const bytes = (first: number) => hex(Uint8Array.from({ length: 32 }, (_, at) => first + at));
const [c = "", seed = ""] = seeds.split("\n");
const [secretHash = "", poolHash = "", rulesHash = ""] = digests.split("\n");

const proof = (): Proof => ({
  format: "anfang-draw-proof/1",
  commitment: JSON.parse(commitment) as Proof["commitment"],
  commitment_sha256: c,
  reveal: { secret: bytes(0), nonce: bytes(0x20) },
  seed,
  pool: JSON.parse(pool) as Pool,
  rules: JSON.parse(rules) as Rules,
  outcome: JSON.parse(outcome) as Outcome,
  redraws: JSON.parse(redraws) as Redraw[],
});

describe("digests", () => {
  it("are those of others, whatever the length is", () => {
    for (const length of [0, 1, 55, 56, 63, 64, 65, 119, 120, 1000]) {
      const data = Uint8Array.from({ length }, (_, at) => (at * 7) % 256);
      expect(hex(sha256(data))).toBe(createHash("sha256").update(data).digest("hex"));
      expect(hex(hmac(data, utf8("x")))).toBe(createHmac("sha256", data).update("x").digest("hex"));
    }
  });
});

describe("the stream", () => {
  it("gives the numbers of the specification", () => {
    const from = (end: number, count: number) => {
      const stream = new Stream(fromHex(bytes(0)), "test");
      return Array.from({ length: count }, () => stream.below(end));
    };
    expect(from(10, 12).join(" ")).toBe("5 8 3 6 4 5 4 8 8 4 2 3");
  });
});

describe("a proof", () => {
  it("is made again, part by part", () => {
    const checked = replay(proof());
    expect(CHECKS.filter((check) => !checked[check])).toEqual([]);
    expect([secretHash, poolHash, rulesHash]).toEqual([
      proof().commitment.secret_sha256,
      proof().commitment.pool_sha256,
      proof().commitment.rules_sha256,
    ]);
  });

  it("does not depend on the order of its lists", () => {
    const mixed = proof();
    mixed.pool.points.reverse();
    mixed.pool.inspectors.reverse();
    mixed.rules.slots.reverse();
    expect(isSame(replay(mixed))).toBe(true);
  });

  it.each<[string, (changed: Proof) => void, Check]>([
    ["the secret", (p) => (p.reveal.secret = bytes(1)), "secret"],
    ["the nonce", (p) => (p.reveal.nonce = bytes(0x21)), "seed"],
    ["the pool", (p) => ((p.pool.points[0] as { days_since_visit: number }).days_since_visit = 1), "pool"],
    ["the rules", (p) => (p.rules.demo_percent = 101), "rules"],
    ["the attempt", (p) => (p.commitment.attempt = 2), "commitment"],
    ["a task", (p) => ((p.outcome.tasks[0] as { number: number }).number = 9), "outcome"],
    ["a redraw", (p) => ((p.redraws[0] as Redraw).replacement = null), "redraws"],
  ])("that was changed is found out: %s", (_, change, found) => {
    const changed = proof();
    change(changed);
    const checked = replay(changed);
    expect(isSame(checked)).toBe(false);
    expect(checked[found]).toBe(false);
  });

  it("names what could not be drawn", () => {
    const { pool: points, rules: few } = inOrder(proof());
    const narrow = { ...few, point_visits_max: 1, unit_visits_max: 1, open_places: 3 };
    const { outcome: told } = draw(points, narrow, fromHex(seed));
    expect(told.tasks).toHaveLength(1);
    expect(told.shortfalls.places).toBe(2);
    expect(canonical({ b: 1, a: [null, "\u6697"] })).toBe('{"a":[null,"\u6697"],"b":1}');
  });
});
