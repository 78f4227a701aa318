import { describe, expect, it } from "vitest";
import { Failure } from "../src/api/failure";
import type { FailureCode } from "../src/api/failure";
import { PACE_FIRST, quicker, slower, smaller, upload } from "../src/outbox/upload";
import type { Uploads } from "../src/outbox/upload";

const KIB = 1024;

/** The course of one call: how long it takes, how much of the piece arrives, and how it fails. */
interface Fate {
  tookMs?: number;
  arrives?: number;
  fails?: FailureCode;
  status?: number;
}

/** A simulated service, and a network that does what the test says at the n-th call. */
function service(sizeBytes: number, fates: Record<number, Fate> = {}, always: Fate = {}) {
  const bytes = new Uint8Array(sizeBytes).map((_, at) => (at * 31 + (at >> 8)) & 0xff);
  const calls: string[] = [];
  const told: number[] = [];
  let kept: Uint8Array<ArrayBuffer> | null = null;
  let clock = 0;
  const here = { isHere: false, whole: 0 };
  async function take(name: string, piece: Blob | null, from: number | null): Promise<number> {
    const fate = fates[calls.length] ?? always;
    calls.push(name);
    clock += fate.tookMs ?? 2_000;
    const code = fate.fails;
    const isAnswered = fate.status !== undefined;
    if (code && isAnswered) throw new Failure(code, fate.status);
    if (from !== null && kept === null) throw new Failure("not-found", 404);
    if (from !== null && from !== kept?.length) throw new Failure("upload-offset", 409);
    kept ??= new Uint8Array();
    if (piece && (from !== null || kept.length === 0)) {
      const sent = piece.slice(0, fate.arrives ?? piece.size);
      kept = new Uint8Array(await new Blob([kept, sent]).arrayBuffer());
    }
    if (code) throw new Failure(code);
    return kept.length;
  }
  const wire: Uploads = {
    begin: (facts, piece) => take(`begin ${facts.sizeBytes}${piece ? ` + ${piece.size}` : ""}`, piece, null),
    append: (_, offset, piece) => take(`${offset} + ${piece.size}`, piece, offset),
    stand: async () => {
      const fate = fates[calls.length] ?? {};
      calls.push("where");
      if (fate.fails) throw new Failure(fate.fails, fate.status ?? 0);
      return kept === null ? null : kept.length;
    },
    putWhole: async () => {
      calls.push("whole");
      here.isHere = true;
    },
    now: () => clock,
  };
  const facts = { id: "p1", type: "image/jpeg", sizeBytes, sha256: null };
  return {
    calls,
    told,
    here,
    wire,
    send: () => upload(facts, new Blob([bytes]), wire, (sent) => told.push(sent)),
    lose: () => {
      kept = null;
    },
    isWhole: () => kept !== null && Buffer.from(kept).equals(bytes),
  };
}

describe("the pace", () => {
  it("grows with every piece that is taken within a second", () => {
    expect(quicker(PACE_FIRST, 256 * KIB, 999).bytes).toBe(1024 * KIB);
    expect(quicker(PACE_FIRST, 256 * KIB, 1_000).bytes).toBe(256 * KIB);
    expect(quicker({ ...PACE_FIRST, bytes: 4096 * KIB, timeouts: 1 }, 4096 * KIB, 1)).toEqual({
      ...PACE_FIRST,
      bytes: 4096 * KIB,
      timeouts: 0,
    });
    expect(quicker({ ...PACE_FIRST, bytes: 64 * KIB }, 64 * KIB, 1).bytes).toBe(256 * KIB);
  });
  it("learns nothing from a last, small piece", () => {
    expect(quicker(PACE_FIRST, 10, 1).bytes).toBe(256 * KIB);
  });
  it("falls to 64 KiB after two time-outs in a row", () => {
    const once = slower(PACE_FIRST);
    expect(once.bytes).toBe(256 * KIB);
    expect(slower(once)).toEqual({ ...PACE_FIRST, bytes: 64 * KIB });
    expect(slower(quicker(once, 1, 5_000)).bytes).toBe(256 * KIB);
  });
});

describe("a gateway that lets little through", () => {
  it("is believed", async () => {
    expect(smaller({ ...PACE_FIRST, bytes: 4096 * KIB })).toEqual({
      ...PACE_FIRST,
      bytes: 1024 * KIB,
      most: 1024 * KIB,
    });
    const there = service(9_000 * KIB, {}, { tookMs: 100 });
    const append = there.wire.append;
    there.wire.append = (id, offset, piece) =>
      piece.size > 1024 * KIB ? Promise.reject(new Failure("body-too-large", 413)) : append(id, offset, piece);
    await there.send();
    expect(there.isWhole()).toBe(true);
    expect(there.calls.filter((call) => call === "where")).toHaveLength(1);
  });
});

describe("sending a photo in pieces", () => {
  it("needs one request for a small one", async () => {
    const there = service(200 * KIB);
    await there.send();
    expect(there.calls).toEqual([`begin ${200 * KIB} + ${200 * KIB}`]);
    expect(there.isWhole()).toBe(true);
  });

  it("announces a large one and sends larger pieces where they go quickly", async () => {
    const there = service(3_000 * KIB, { 1: { tookMs: 300 } });
    await there.send();
    expect(there.calls.slice(1)).toEqual([
      `0 + ${256 * KIB}`,
      `${256 * KIB} + ${1024 * KIB}`,
      `${1280 * KIB} + ${1024 * KIB}`,
      `${2304 * KIB} + ${696 * KIB}`,
    ]);
    expect(there.told).toEqual([0, 256 * KIB, 1280 * KIB, 2304 * KIB, 3_000 * KIB]);
    expect(there.isWhole()).toBe(true);
  });

  it("goes on where it stands after a piece broke off", async () => {
    const there = service(600 * KIB, { 2: { arrives: 100 * KIB, fails: "offline" } });
    await there.send();
    expect(there.calls.slice(2)).toEqual([`${256 * KIB} + ${256 * KIB}`, "where", `${356 * KIB} + ${244 * KIB}`]);
    expect(there.isWhole()).toBe(true);
  });

  it("sends 64 KiB after two time-outs, and takes what trickles in for progress", async () => {
    const slow = { arrives: 20 * KIB, fails: "timeout" as const };
    const there = service(400 * KIB, { 1: slow, 3: slow });
    await there.send();
    expect(there.calls.slice(1, 6)).toEqual([
      `0 + ${256 * KIB}`,
      "where",
      `${20 * KIB} + ${256 * KIB}`,
      "where",
      `${40 * KIB} + ${64 * KIB}`,
    ]);
    expect(there.isWhole()).toBe(true);
    const trickle = service(300 * KIB, {}, { arrives: 8 * KIB, fails: "timeout" });
    await trickle.send();
    expect(trickle.isWhole()).toBe(true);
  });

  it("loses nothing when the answer to any call is lost", async () => {
    for (let lost = 0; lost < 5; lost += 1) {
      const there = service(700 * KIB, { [lost]: { fails: "offline" } });
      await there.send();
      expect(there.isWhole(), `call ${lost}`).toBe(true);
    }
    const small = service(10, { 0: { fails: "timeout" } });
    await small.send();
    expect(small.calls).toEqual(["begin 10 + 10", "where"]);
  });

  it("goes on in a later attempt, and sends nothing that is there", async () => {
    const there = service(700 * KIB, { 2: { fails: "offline", arrives: 0 }, 3: { fails: "offline" } });
    await expect(there.send()).rejects.toThrow("offline");
    await there.send();
    expect(there.calls.slice(4)).toEqual([
      `begin ${700 * KIB}`,
      `${256 * KIB} + ${256 * KIB}`,
      `${512 * KIB} + ${188 * KIB}`,
    ]);
    await there.send();
    expect(there.calls.slice(7)).toEqual([`begin ${700 * KIB}`]);
  });

  it("begins anew when the upload is gone, and sends the whole when that goes on", async () => {
    const there = service(700 * KIB);
    const append = there.wire.append;
    let count = 0;
    there.wire.append = (id, offset, piece) => {
      count += 1;
      if (count === 2) there.lose();
      return append(id, offset, piece);
    };
    await there.send();
    expect(there.isWhole()).toBe(true);
    const nodes = service(700 * KIB);
    nodes.wire.append = () => {
      nodes.lose();
      return Promise.reject(new Failure("not-found", 404));
    };
    await nodes.send();
    expect(nodes.calls.filter((call) => call.startsWith("begin"))).toHaveLength(3);
    expect(nodes.here.isHere).toBe(true);
  });

  it("sends the whole where pieces are not taken", async () => {
    for (const fails of ["not-found", "method-not-allowed", "tus-version", "too-many-uploads"] as const) {
      const there = service(700 * KIB, { 0: { fails, status: 400 } });
      await there.send();
      expect(there.calls).toEqual([`begin ${700 * KIB}`, "whole"]);
    }
    const gateway = service(700 * KIB, { 1: { fails: "method-not-allowed", status: 405 } });
    await gateway.send();
    expect(gateway.calls.at(-1)).toBe("whole");
  });

  it("leaves to the outbox what asking again would not mend", async () => {
    for (const fails of ["not-signed-in", "photo-corrupt", "unavailable", "id-reused", "storage-full"] as const) {
      const there = service(700 * KIB, { 1: { fails, status: 400 } });
      await expect(there.send()).rejects.toThrow(fails);
      expect(there.calls).toHaveLength(2);
    }
  });

  it("does not try for ever without a byte's progress", async () => {
    const there = service(700 * KIB, {}, { fails: "timeout", arrives: 0 });
    await expect(there.send()).rejects.toThrow("timeout");
    expect(there.calls.length).toBeLessThan(12);
  });
});
