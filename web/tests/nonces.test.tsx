// @vitest-environment happy-dom
import "fake-indexeddb/auto";
import { IDBFactory } from "fake-indexeddb";
import { render } from "preact";
import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import { reachable, setAccount } from "../src/api/request";
import type { Reference } from "../src/api/types";
import { isEnough, restock, useNonce } from "../src/draft/nonces";
import { useDraft } from "../src/draft/useDraft";
import type { DraftHandle } from "../src/draft/useDraft";
import { toDraft } from "../src/outbox/toDraft";
import { reference } from "../src/session/reference";
import { forgetAnswers } from "../src/store/cache";
import { closeDatabase } from "../src/store/database";
import { newReportDraft, readDraft } from "../src/store/drafts";
import { keepSupply, readStock, supplyId, takeNumber } from "../src/store/nonces";
import type { ReportDraft } from "../src/store/records";
import { toBody } from "../src/store/reportFields";
import { bodyOf } from "../src/visits/saveVisit";
import { begunVisit } from "../src/visits/begin";
import { broken, network, quiet, until } from "./network";
import { reportEntry } from "./records";

const HOUR = 3_600_000;
const NOW = Date.now();
const numbers = (count: number, at = NOW, hours = 24) =>
  Array.from({ length: count }, (_, index) => ({ nonce: `n${index}`, at, until: at + hours * HOUR }));

let root = document.createElement("div");
beforeEach(async () => {
  await closeDatabase().catch(() => undefined);
  globalThis.indexedDB = new IDBFactory();
  setAccount("u1");
  reachable.value = true;
  reference.value = { points: [], items: [], units: [], capture_nonces: true } as unknown as Reference;
  root = document.createElement("div");
});
afterEach(async () => {
  render(null, root);
  await quiet();
  vi.unstubAllGlobals();
  reference.value = null;
});

/** The service: an id is answered with the same numbers each time. */
const supplies = () =>
  network(({ path }) => ({
    status: 201,
    body: {
      nonces: Array.from({ length: 32 }, (_, at) => `${path.slice(-4)}-${at}`),
      valid_until: new Date(Date.now() + 24 * HOUR).toISOString(),
    },
  }));

describe("the stock of capture numbers", () => {
  it("is fetched once, under the account that it is for, and only where numbers are expected", async () => {
    const calls = supplies();
    reference.value = { points: [] } as unknown as Reference;
    await restock("u1");
    expect(calls).toEqual([]);
    reference.value = { points: [], capture_nonces: true } as unknown as Reference;
    await restock("u1");
    await restock("u1");
    expect(calls.map(({ method }) => method)).toEqual(["PUT"]);
    expect(calls[0]?.headers["Anfang-Account"]).toBe("u1");
    expect((await readStock("u1")).numbers).toHaveLength(32);
  });

  it("is asked for under the same id after a lost answer", async () => {
    const lost = network(broken);
    await restock("u1");
    expect((await readStock("u1")).numbers).toEqual([]);
    const calls = supplies();
    reachable.value = true;
    await restock("u1");
    expect(calls[0]?.path).toBe(lost[0]?.path);
    expect(await readStock("u1")).toMatchObject({ pending: null, numbers: expect.any(Array) });
  });

  it("is kept once where two windows have the same answer, though a number was used in between", async () => {
    const id = await supplyId("u1", "s1");
    expect(await supplyId("u1", "s2")).toBe("s1");
    await keepSupply("u1", id, numbers(2), NOW);
    expect(await takeNumber("u1", NOW + 1)).toBe("n0");
    await keepSupply("u1", id, numbers(2), NOW);
    expect((await readStock("u1")).numbers.map(({ nonce }) => nonce)).toEqual(["n1"]);
  });

  it("gives each number once, and none that came later than the capture or was too old for it", async () => {
    await keepSupply("u1", await supplyId("u1", "s1"), numbers(2), NOW);
    expect(await takeNumber("u1", NOW - 1)).toBeNull();
    expect(await takeNumber("u1", NOW + 24 * HOUR)).toBeNull();
    const taken = await Promise.all([takeNumber("u1", NOW), takeNumber("u1", NOW), takeNumber("u1", NOW)]);
    expect(taken.sort()).toEqual(["n0", "n1", null]);
  });

  it("belongs to a person and outlives the logout of another", async () => {
    await keepSupply("u1", await supplyId("u1", "s1"), numbers(1), NOW);
    expect(await takeNumber("u2", NOW)).toBeNull();
    await forgetAnswers();
    expect(await takeNumber("u1", NOW)).toBe("n0");
  });

  it("is refilled when few are left, or when half of their time is over", () => {
    expect(isEnough(numbers(12), NOW)).toBe(true);
    expect(isEnough(numbers(11), NOW)).toBe(false);
    expect(isEnough(numbers(32), NOW + 12 * HOUR)).toBe(false);
    expect(isEnough(numbers(32), NOW + 11 * HOUR)).toBe(true);
  });
});

describe("what was captured", () => {
  let handle: DraftHandle<ReportDraft> | null = null;
  function Form({ at }: { at: number | null }) {
    handle = useDraft<ReportDraft>("i1", () => newReportDraft("i1", "u1", null, "", NOW), "#/report/i1");
    useNonce(handle, at);
    return <p>{handle?.draft.fields.nonce ?? "none"}</p>;
  }

  it("is given one number without a network, which is kept with the draft", async () => {
    network(broken);
    await keepSupply("u1", await supplyId("u1", "s1"), numbers(2), NOW);
    render(<Form at={null} />, root);
    await until(() => handle !== null);
    await quiet();
    expect(root.textContent).toBe("none");
    render(<Form at={NOW + 1} />, root);
    await until(() => root.textContent === "n0");
    render(<Form at={NOW + 2} />, root);
    await handle?.flush();
    expect((await readDraft("i1"))?.fields).toMatchObject({ nonce: "n0" });
    expect((await readStock("u1")).numbers.map(({ nonce }) => nonce)).toEqual(["n1"]);
  });

  it("names it when it is sent, and nothing where there is none", () => {
    const { fields } = newReportDraft("i1", "u1", "pt", "", NOW);
    expect(toBody(fields)).not.toHaveProperty("capture_nonce");
    expect(toBody({ ...fields, nonce: "n0" })).toHaveProperty("capture_nonce", "n0");
    const visit = begunVisit("v1", "u1", new URLSearchParams("point=pt"), NOW);
    expect(bodyOf(visit, new Map(), [])).not.toHaveProperty("capture_nonce");
    const named = { ...visit, fields: { ...visit.fields, nonce: "n1" } };
    expect(bodyOf(named, new Map(), [])).toHaveProperty("capture_nonce", "n1");
  });

  it("keeps its number when it is taken back, unless the service has it with the old report", () => {
    const entry = { ...reportEntry("i1"), isReceived: false };
    const sent = { ...entry, body: { ...entry.body, capture_nonce: "n0" } };
    const nonceOf = (change: Partial<typeof sent>) =>
      (toDraft({ ...sent, ...change }, () => "new", NOW).draft as ReportDraft).fields.nonce;
    expect([
      nonceOf({ isTried: false }),
      nonceOf({ isTried: true }),
      nonceOf({ isTried: true, isReceived: true }),
    ]).toEqual(["n0", "n0", null]);
  });
});
