import { describe, expect, it } from "vitest";
import { applyEvent, isDue } from "../src/outbox/entry";
import type { AnswerEntry, OutboxEntry, OutboxEvent, Setback } from "../src/outbox/entry";
import { PAUSE_LONGEST_MS, pauseBefore } from "../src/outbox/retryPolicy";
import { withNewIds } from "../src/outbox/withNewIds";
import { answerEntry, reportEntry } from "./records";

const setback = (code: Setback["code"], retryAfterMs: number | null = null): Setback => ({
  code,
  requestId: null,
  fields: [],
  retryAfterMs,
});
const failed = (code: Setback["code"], retryAfterMs: number | null = null): OutboxEvent => ({
  kind: "failed",
  setback: setback(code, retryAfterMs),
  at: 1_000,
  chance: 0.5,
});
const applied = (events: OutboxEvent[], entry: OutboxEntry = reportEntry()) => events.reduce(applyEvent, entry);
const receipt = { at: "2026-08-03T07:04:11Z", state: "submitted" as const, version: 1, number: null };

describe("a record in the outbox", () => {
  it("stays delivered, whatever a slower tab says", () => {
    const delivered = applied([
      { kind: "started", key: "k" },
      { kind: "delivered", receipt, at: 5 },
    ]);
    for (const late of [
      failed("offline"),
      { kind: "started", key: "k" },
      { kind: "asked-again", at: 9 },
      { kind: "paused" },
    ] as OutboxEvent[]) {
      expect(applyEvent(delivered, late)).toBe(delivered);
    }
  });

  it("waits longer after each failure, at most about a minute", () => {
    const pauses = [1, 2, 3, 4, 5, 6, 7, 20].map((attempts) => pauseBefore(attempts, null, 0.5));
    expect(pauses).toEqual([1_000, 2_000, 4_000, 8_000, 16_000, 32_000, 60_000, 60_000]);
    expect(pauseBefore(1, 30_000, 0)).toBe(30_000);
    expect(pauseBefore(1, 86_400_000, 0)).toBe(PAUSE_LONGEST_MS);
  });

  it("does not wait for a clock that was set back", () => {
    const entry = { ...reportEntry(), nextAt: 10 * PAUSE_LONGEST_MS };
    expect(isDue(entry, entry.nextAt)).toBe(true);
    expect(isDue(entry, entry.nextAt - PAUSE_LONGEST_MS)).toBe(false);
    expect(isDue(entry, entry.nextAt - PAUSE_LONGEST_MS - 1)).toBe(true);
  });

  it("is not held against itself when only the session has ended", () => {
    const entry = applied([{ kind: "started", key: "k" }, failed("not-signed-in")]);
    expect(entry).toMatchObject({ state: "waiting", attempts: 0, nextAt: 1_000 });
    expect(isDue(entry, 1_000)).toBe(true);
  });

  it("keeps trying while the network or the service is at fault", () => {
    for (const code of [
      "offline",
      "timeout",
      "unavailable",
      "internal",
      "storage-full",
      "too-many-requests",
      "request-timeout",
      "body-incomplete",
    ] as const) {
      const entry = applied(Array.from({ length: 40 }, () => failed(code)));
      expect(entry.state).toBe("waiting");
      expect(entry.nextAt).toBeGreaterThan(1_000);
    }
  });

  it("sends damaged bytes again a few times, then asks a person", () => {
    const damaged = failed("digest-mismatch");
    const states = [1, 2, 3].map((count) => applied(Array.from({ length: count }, () => damaged)).state);
    expect(states).toEqual(["waiting", "waiting", "attention"]);
  });

  it("counts what damages a photo apart from what befalls the network", () => {
    const damaged = failed("checksum-mismatch");
    const lost = Array.from({ length: 5 }, () => failed("timeout"));
    expect(applied([...lost, damaged, ...lost, damaged]).state).toBe("waiting");
    expect(applied([...lost, damaged, ...lost, damaged, ...lost, damaged]).state).toBe("attention");
    // A photo that arrived begins the count for the next.
    const sent = { kind: "photo-sent", photoId: "p1" } as const;
    expect(applied([damaged, damaged, sent, damaged, damaged]).state).toBe("waiting");
    // So does a person who has it sent again.
    const again = { kind: "asked-again", at: 1 } as const;
    expect(applied([damaged, damaged, damaged, again, damaged]).state).toBe("waiting");
  });

  it("asks a person at once when the record itself is at fault", () => {
    for (const code of [
      "invalid-fields",
      "id-reused",
      "stale-version",
      "photo-corrupt",
      "forbidden",
      "photo-lost",
    ] as const) {
      expect(applied([failed(code)]).state).toBe("attention");
    }
  });

  it("is tried again after the page died while sending", () => {
    expect(isDue(applied([{ kind: "started", key: "k" }]), 0)).toBe(true);
  });

  it("gets a key before it is sent for the first time, once, and says when it may have gone without", () => {
    const old = applyEvent(answerEntry(), { kind: "started", key: "k1" });
    expect(old).toMatchObject({ state: "sending", key: "k1", wasKeyless: true, isTried: true });
    expect(
      applied([failed("offline"), { kind: "asked-again", at: 9 }, { kind: "started", key: "k2" }], old),
    ).toMatchObject({ key: "k1" });
    const fresh = applyEvent({ ...answerEntry(), key: "k0" }, { kind: "started", key: "k1" });
    expect(fresh).toMatchObject({ key: "k0" });
    expect(fresh).not.toHaveProperty("wasKeyless");
    // With new ids the body is different, so the key is too.
    expect(withNewIds({ ...(fresh as AnswerEntry), state: "attention" }, () => "new").next).toMatchObject({
      id: "new",
      key: "new",
      isTried: false,
    });
  });

  it("is not sent while a person has to look at it", () => {
    const entry = applied([failed("forbidden")]);
    expect(applyEvent(entry, { kind: "started", key: "k" })).toBe(entry);
  });

  it("waits for its own person while somebody else is signed in", () => {
    expect(applied([{ kind: "started", key: "k" }, failed("other-account")])).toMatchObject({
      state: "waiting",
      attempts: 0,
      nextAt: 1_000,
    });
  });

  it("counts a photo once", () => {
    const sent = applied([
      { kind: "photo-sent", photoId: "p1" },
      { kind: "photo-sent", photoId: "p1" },
    ]);
    expect(sent.sentPhotos).toEqual(["p1"]);
  });

  it("gets new ids everywhere when its own name something else", () => {
    let count = 0;
    const { next } = withNewIds({ ...reportEntry(), state: "attention" }, () => `new-${++count}`);
    expect(next.kind === "report" && next.body.photos.map((photo) => photo.id)).toEqual(
      next.photos.map((photo) => photo.id),
    );
    expect(next).toMatchObject({ id: next.issueId, state: "waiting", sentPhotos: [] });
  });
});
