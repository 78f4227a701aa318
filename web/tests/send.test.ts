import { afterEach, describe, expect, it, vi } from "vitest";
import { Failure } from "../src/api/failure";
import type { Event, FinderIssue, Issue } from "../src/api/types";
import { reprDigest } from "../src/api/putWhole";
import { OriginalLost, send } from "../src/outbox/send";
import type { Transport } from "../src/outbox/send";
import type { AnswerEntry } from "../src/outbox/entry";
import { answerEntry, reportEntry } from "./records";

/** A simulated service that can lose the answer of any call. */
function service(options: { loseAnswers?: string[]; version?: number; knowsKeys?: boolean } = {}) {
  const photos = new Set<string>();
  const lose = [...(options.loseAnswers ?? [])];
  const calls: string[] = [];
  const events: Event[] = [];
  const keys = new Map<string | undefined, string>();
  let version = options.version ?? 4;
  let effects = 0;
  const done = (name: string) => {
    calls.push(name);
    const at = lose.indexOf(name);
    if (at < 0) return;
    lose.splice(at, 1);
    throw new Failure("offline");
  };
  const transport: Transport = {
    putReport: async (id, report) => {
      if (!calls.some((call) => call.startsWith("put"))) effects += 1;
      const missing = report.photos.map((photo) => photo.id).filter((photo) => !photos.has(photo));
      done("put");
      return {
        id,
        missing_photos: missing,
        state: missing.length ? "receiving" : "submitted",
        version: 1,
        number: null,
        submitted_at: "2026-08-03T07:05:00Z",
        received_at: "2026-08-03T07:04:30Z",
      } as unknown as FinderIssue;
    },
    received: async () => undefined,
    originalsWait: () => false,
    sendPhoto: async (id) => {
      photos.add(id);
      done(`photo ${id}`);
    },
    act: async (_, action, base, body, key) => {
      const said = JSON.stringify({ ...(body as object), sent_at: undefined });
      const known = options.knowsKeys && key !== undefined ? keys.get(key) : undefined;
      if (known !== undefined && known !== said) throw new Failure("idempotency-key-reused", 422);
      if (known !== undefined) return transport.readIssue("i1");
      if (base !== version) throw new Failure("stale-version", 412);
      version += 1;
      effects += 1;
      if (key !== undefined) keys.set(key, said);
      const named = (body as { photos?: { id: string }[] }).photos ?? [];
      events.push({
        version,
        action,
        at: "2026-08-03T08:00:00Z",
        photos: named.map((photo) => ({ id: photo.id })),
      } as unknown as Event);
      done("act");
      return { state: "reported", version, number: "2026-1" } as unknown as Issue;
    },
    readIssue: async () => ({ state: "reported", version, number: "2026-1", allowed_actions: [] }) as unknown as Issue,
    readEvents: async () => {
      calls.push("events");
      return events;
    },
    readOriginal: async () => new Blob(["abc"], { type: "image/jpeg" }),
    photoSent: async () => undefined,
    progress: () => undefined,
  };
  return { transport, calls, photos, events, effects: () => effects };
}

describe("sending a report", () => {
  it("is delivered only when the service names no missing photo", async () => {
    const { transport, calls } = service();
    const receipt = await send(reportEntry(), transport);
    expect(calls).toEqual(["put", "photo p1", "photo p2", "put"]);
    expect(receipt).toMatchObject({ state: "submitted", at: "2026-08-03T07:05:00Z" });
  });

  it("goes on where it stood after any answer was lost, with one effect", async () => {
    for (const lost of ["put", "photo p1", "photo p2"]) {
      const there = service({ loseAnswers: [lost] });
      await expect(send(reportEntry(), there.transport)).rejects.toThrow("offline");
      await send(reportEntry(), there.transport);
      expect(there.effects()).toBe(1);
      expect([...there.photos]).toEqual(["p1", "p2"]);
    }
  });

  it("says so when the bytes are gone from the device", async () => {
    const { transport } = service();
    await expect(send(reportEntry(), { ...transport, readOriginal: async () => null })).rejects.toBeInstanceOf(
      OriginalLost,
    );
  });

  it("does not ask for ever for photos that the service keeps losing", async () => {
    const { transport } = service();
    const deaf = { ...transport, sendPhoto: async () => undefined };
    await expect(send(reportEntry(), deaf)).rejects.toThrow("unavailable");
  });
});

describe("sending an answer", () => {
  it("sends the photos before the step", async () => {
    const { transport, calls } = service();
    await send(answerEntry(), transport);
    expect(calls).toEqual(["photo p1", "photo p2", "act"]);
  });

  it("does not send a photo twice", async () => {
    const { transport, calls } = service();
    await send({ ...answerEntry(), sentPhotos: ["p1"] }, transport);
    expect(calls).toEqual(["photo p2", "act"]);
  });

  it("finds its own step when the answer to it was lost", async () => {
    const there = service({ loseAnswers: ["act"] });
    await expect(send(answerEntry(), there.transport)).rejects.toThrow("offline");
    expect(await send(answerEntry(), there.transport)).toMatchObject({ state: "reported", version: 5 });
    expect(there.effects()).toBe(1);
  });

  it("does not take another person's step for its own", async () => {
    const there = service();
    await there.transport.act("i1", "report-fix", 4, { photos: [{ id: "other" }] }, undefined);
    await expect(send(answerEntry(), there.transport)).rejects.toThrow("stale-version");
  });
});

/** An action without photos: only its key, or a guess, tells it from a colleague's. */
const signIn = (change: Partial<AnswerEntry> = {}): AnswerEntry => ({
  ...answerEntry(),
  action: "sign-in",
  body: {},
  photos: [],
  ...change,
});

describe("a step with a key", () => {
  it("whose answer was lost is delivered, as the issue stands now, though others went on", async () => {
    const there = service({ loseAnswers: ["act"], knowsKeys: true });
    await expect(send(signIn({ key: "k" }), there.transport)).rejects.toThrow("offline");
    await there.transport.act("i1", "report-fix", 5, {}, "another");
    expect(await send(signIn({ key: "k" }), there.transport)).toMatchObject({ version: 6 });
    expect(there.effects()).toBe(2);
    expect(there.calls).not.toContain("events");
  });

  it("is never taken for the same step of a colleague", async () => {
    const there = service({ knowsKeys: true });
    await there.transport.act("i1", "sign-in", 4, {}, "colleague");
    await expect(send(signIn({ key: "k" }), there.transport)).rejects.toThrow("stale-version");
    expect(there.effects()).toBe(1);
  });

  it("is the same though another hour of sending stands beside it, and no other step", async () => {
    const there = service({ loseAnswers: ["act"], knowsKeys: true });
    const fix = { ...answerEntry(), key: "k" };
    await expect(send(fix, there.transport)).rejects.toThrow("offline");
    const later: Transport = {
      ...there.transport,
      act: (id, action, base, body, key) =>
        there.transport.act(id, action, base, { ...(body as object), sent_at: "2026-08-03T09:00:00Z" }, key),
    };
    expect(await send(fix, later)).toMatchObject({ version: 5 });
    await expect(send({ ...fix, body: { ...fix.body, measure: "other" } }, later)).rejects.toThrow(
      "idempotency-key-reused",
    );
    expect(there.effects()).toBe(1);
  });

  it("finds itself by its photos where the service knows no keys", async () => {
    const there = service({ loseAnswers: ["act"] });
    await expect(send({ ...answerEntry(), key: "k" }, there.transport)).rejects.toThrow("offline");
    expect(await send({ ...answerEntry(), key: "k" }, there.transport)).toMatchObject({ version: 5 });
  });
});

describe("a step that may have been sent before it had a key", () => {
  const old = signIn({ key: "k", wasKeyless: true });

  it("is looked for in the history, at the version it would have made", async () => {
    const there = service();
    await there.transport.act("i1", "sign-in", 4, {}, undefined);
    expect(await send(old, there.transport)).toMatchObject({
      state: "reported",
      version: 5,
      at: "2026-08-03T08:00:00Z",
    });
  });

  it("is not taken for the same step of another round", async () => {
    for (const version of [3, 5]) {
      const there = service({ version });
      await there.transport.act("i1", "sign-in", version, {}, undefined);
      await there.transport.act("i1", "fail", version + 1, {}, undefined);
      await expect(send(old, there.transport), String(version)).rejects.toThrow("stale-version");
    }
  });
});

describe("the hours that are sent with a step", () => {
  afterEach(() => void vi.useRealTimers());
  const bodySent = async (entry: AnswerEntry): Promise<object> => {
    vi.useFakeTimers({ toFake: ["Date"], now: new Date("2026-08-03T09:30:00Z") });
    const { transport } = service();
    const bodies: object[] = [];
    const act: Transport["act"] = (id, action, version, body, key) => {
      bodies.push(body as object);
      return transport.act(id, action, version, body, key);
    };
    await send({ ...entry, createdAt: Date.parse("2026-08-03T08:00:00Z") }, { ...transport, act });
    expect(bodies).toHaveLength(1);
    return bodies[0] as object;
  };

  it("of a fix say when it was written and when it was sent, so that one written offline is on time", async () => {
    expect(await bodySent(answerEntry())).toEqual({
      ...answerEntry().body,
      composed_at: "2026-08-03T08:00:00.000Z",
      sent_at: "2026-08-03T09:30:00.000Z",
    });
  });

  it("are none where a step counts from when it arrives", async () => {
    expect(await bodySent(signIn())).toEqual({});
    expect(await bodySent({ ...answerEntry(), action: "dispute", body: { reason: "r" } })).toEqual({ reason: "r" });
  });
});

describe("the digest header", () => {
  it("is RFC 9530", () => {
    expect(reprDigest("00ff10")).toBe("sha-256=:AP8Q:");
  });
});
