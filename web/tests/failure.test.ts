import { afterEach, describe, expect, it } from "vitest";
import { Failure, failureOf } from "../src/api/failure";
import { handlingOf } from "../src/outbox/retryPolicy";
import { setLanguage } from "../src/texts";
import { failureText, problemText } from "../src/ui/failureText";
import { faultText } from "../src/ui/Notice";

const ours = (code: string) => JSON.stringify({ type: "about:blank", title: "", status: 403, code, request_id: "r1" });

describe("an answer that is not the service's own", () => {
  it("is the network's fault, ends no session and gives up no record", () => {
    for (const status of [302, 400, 401, 403, 404, 405, 409, 410, 415, 422, 451, 500, 502, 503, 504]) {
      for (const body of ["<html>403 Forbidden</html>", "", "null", "[]", '{"error":"blocked"}', '{"code":403}']) {
        const failure = failureOf(status, body, null);
        expect(failure.isUnreachable, `${status} ${body}`).toBe(true);
        expect(handlingOf(failure.code, 99), `${status} ${body}`).toBe("retry");
      }
    }
  });

  it("is believed where it only asks for less, or for time", () => {
    expect(failureOf(413, "<html>", null).code).toBe("body-too-large");
    expect(failureOf(429, "", "7").retryAfterMs).toBe(7_000);
    expect(failureOf(408, "", null).code).toBe("request-timeout");
  });

  it("leaves the service's own words as they are", () => {
    const failure = failureOf(403, ours("forbidden"), null);
    expect([failure.code, failure.status, failure.requestId]).toEqual(["forbidden", 403, "r1"]);
    expect(handlingOf("forbidden", 1)).toBe("attention");
  });
});

describe("the words for a failure", () => {
  it("are our own for what is common, else the service's, and never empty", () => {
    expect(problemText("offline", null)).toBe("连不上网络");
    expect(problemText("stale-version", "别的话")).toBe("内容已被他人更新");
    expect(problemText("final-assignment", "已指定责任单位")).toBe("已指定责任单位");
    expect(problemText("of-a-newer-service" as "offline", "新的问题")).toBe("新的问题");
    expect(problemText("final-assignment", undefined)).toContain("final-assignment");
  });

  it("say until when in the county's time, not as a machine writes it", () => {
    const late = new Failure("window-passed", 409, { detail: "2026-12-04T16:00:00.000Z" });
    expect(failureText(late)).toBe("已过办理时限：12月4日 24:00");
    expect(failureText(new Failure("window-passed", 409))).toBe("已过办理时限");
  });
});

describe("what is wrong with a field", () => {
  const fault = { pointer: "/rules/open_places", code: "out-of-range", detail: "at least 1" } as const;
  afterEach(() => setLanguage("zh-CN"));

  it("keeps the service's English out of Chinese", async () => {
    expect(faultText(fault)).toBe("超出范围");
    expect(faultText({ ...fault, name: "全域名额" })).toBe("全域名额：超出范围");
    await setLanguage("en");
    expect(faultText(fault)).toBe("Out of range: at least 1");
    expect(faultText({ ...fault, name: "Places" })).toBe("Places: Out of range: at least 1");
  });
});
