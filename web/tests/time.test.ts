import { afterEach, describe, expect, it } from "vitest";
import { setLanguage } from "../src/texts";
import { countdown } from "../src/time/countdown";
import { formatLimit, formatLimitNote } from "../src/time/limits";
import { formatDeadline, formatHalfDay, formatMoment } from "../src/time/moment";
import { civilDay, fromLocalInput, formatShownTime, toLocalInput } from "../src/time/civil";

const now = Date.parse("2026-08-03T07:00:00Z");
const inMinutes = (minutes: number) => new Date(now + minutes * 60_000).toISOString();

afterEach(() => setLanguage("zh-CN"));

describe("a countdown", () => {
  it("names the two largest parts", () => {
    expect(countdown(inMinutes(28 * 60), now)).toEqual({ words: "剩 1 天 4 小时", urgency: "calm" });
    expect(countdown(inMinutes(48 * 60 + 5), now).words).toBe("剩 2 天");
    expect(countdown(inMinutes(121), now)).toEqual({ words: "剩 2 小时 1 分钟", urgency: "calm" });
  });

  it("warns under two hours and says how late it is after", () => {
    expect(countdown(inMinutes(119), now)).toEqual({ words: "剩 1 小时 59 分钟", urgency: "soon" });
    expect(countdown(inMinutes(0.5), now).words).toBe("剩 不到 1 分钟");
    expect(countdown(inMinutes(-180), now)).toEqual({ words: "超期 3 小时", urgency: "late" });
  });

  it("speaks English", async () => {
    await setLanguage("en");
    expect(countdown(inMinutes(28 * 60), now).words).toBe("1 d 4 h left");
  });
});

describe("a moment", () => {
  it("is the county's time, wherever the device is", () => {
    expect(formatMoment("2026-08-03T16:30:00Z")).toContain("8月4日 00:30");
    expect(civilDay("2026-08-03T16:30:00Z")).toBe("2026-08-04");
  });

  it("calls midnight the end of the day when it is a deadline", () => {
    expect(formatDeadline("2026-08-03T16:00:00Z")).toContain("8月3日 24:00");
  });

  it("is told as fine as it is, and never finer", () => {
    expect(formatShownTime("2026-08-03T07:04:11.391Z", "exact")).toContain("8月3日 15:04");
    expect(formatShownTime("2026-08-03T04:00:00Z", "half-day")).toMatch(/8月3日 下午$/);
    expect(formatShownTime("2026-08-02T16:00:00Z", "half-day")).toMatch(/8月3日 上午$/);
    expect(formatShownTime("2026-08-02T16:00:00Z", "day")).toMatch(/8月3日$/);
    expect(formatHalfDay({ date: "2026-08-03", half_day: "morning" })).toMatch(/8月3日 上午$/);
  });

  it("goes into a field and back", () => {
    expect(toLocalInput("2026-08-03T07:04:00Z")).toBe("2026-08-03T15:04");
    expect(fromLocalInput("2026-08-03T15:04")).toBe("2026-08-03T07:04:00.000Z");
  });
});

describe("a limit", () => {
  it("is put into words", () => {
    expect(formatLimit("4wh")).toBe("4 个工作时");
    expect(formatLimit("2uh")).toContain("2 小时");
    expect(formatLimit("soon")).toBe("soon");
    expect(formatLimitNote("4wh内停止侵占；30cd内恢复")).toBe("4 个工作时内停止侵占；30 天内恢复");
  });
});
