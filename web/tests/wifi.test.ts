import { afterEach, describe, expect, it } from "vitest";
import { OriginalsWait, send } from "../src/outbox/send";
import type { Transport } from "../src/outbox/send";
import { isAnyway, waitsForWifi, network, networkNow, originalsWait } from "../src/outbox/wifi";
import { isWifiOnly } from "../src/session/preferences";
import type { FinderIssue } from "../src/api/types";
import { answerEntry, reportEntry } from "./records";

const received = { ...reportEntry(), isReceived: true };
const on = (type: string | undefined) =>
  Object.defineProperty(navigator, "connection", {
    value: type === undefined ? undefined : { type },
    configurable: true,
  });

afterEach(() => {
  isWifiOnly.value = false;
  isAnyway.value = false;
  network.value = "unknown";
  on(undefined);
});

describe("originals on Wi-Fi only", () => {
  it("wait on mobile data alone, and never where the browser cannot tell", () => {
    for (const [type, kind] of [
      ["cellular", "mobile"],
      ["wifi", "wifi"],
      ["ethernet", "wifi"],
      ["none", "unknown"],
      [undefined, "unknown"],
    ] as const) {
      on(type);
      expect(networkNow()).toBe(kind);
    }
    network.value = "mobile";
    expect(originalsWait()).toBe(false);
    isWifiOnly.value = true;
    expect(originalsWait()).toBe(true);
    isAnyway.value = true;
    expect(originalsWait()).toBe(false);
  });

  it("hold back what the service already has, and neither a new report nor a step", () => {
    isWifiOnly.value = true;
    network.value = "mobile";
    expect(waitsForWifi(received)).toBe(true);
    expect(waitsForWifi(reportEntry())).toBe(false);
    expect(waitsForWifi(answerEntry())).toBe(false);
    network.value = "wifi";
    expect(waitsForWifi(received)).toBe(false);
  });

  it("let the report go at once, and no photo", async () => {
    const calls: string[] = [];
    const wire = {
      putReport: async () => {
        calls.push("put");
        return { missing_photos: ["p1", "p2"] } as unknown as FinderIssue;
      },
      received: async () => {
        calls.push("received");
      },
      originalsWait: () => true,
      sendPhoto: async (id: string) => {
        calls.push(id);
      },
    } as unknown as Transport;
    await expect(send(reportEntry(), wire)).rejects.toBeInstanceOf(OriginalsWait);
    expect(calls).toEqual(["put", "received"]);
  });
});
