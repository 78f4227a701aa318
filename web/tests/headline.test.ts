// A tapped chip becomes the wording and the headline of a report; places off the list have a name.
import { describe, expect, it } from "vitest";
import { headlineOf, placeNameOf, worded } from "../src/inspector/headline";
import { faultsOf } from "../src/inspector/saveReport";
import { reference } from "../src/session/reference";
import { newReportDraft } from "../src/store/drafts";
import { fromBody, newFields, toBody } from "../src/store/reportFields";
import type { ReportFields } from "../src/store/reportFields";

describe("a tapped chip", () => {
  it("becomes the wording, and gives way to another, but never to what somebody wrote", () => {
    expect(worded("", "dirty")).toBe("卫生差");
    expect(worded("卫生差", "dirty")).toBe("卫生差");
    expect(worded("卫生差", "lamp-out")).toBe("灯不亮");
    expect(worded("卫生差，长期未清理", "lamp-out")).toBe("灯不亮，长期未清理");
    expect(worded("北门两盏", "lamp-out")).toBe("北门两盏");
  });

  it("becomes the headline, else the fault of the item", () => {
    reference.value = { items: [{ code: "WM-07", title: "题", fault: "通道堵塞" }], points: [], units: [] } as never;
    expect(headlineOf({ itemCode: "WM-07", description: "卫生差，长期未清理" })).toBe("卫生差");
    expect(headlineOf({ itemCode: "WM-07", description: "两辆车" })).toBe("通道堵塞");
    expect(headlineOf({ itemCode: "WM-07", description: "" })).toBe("通道堵塞");
  });
});

describe("a place off the list", () => {
  const location = { lat: 31.2, lon: 107.4, accuracy_m: 8 };
  const fields = (change: Partial<ReportFields>): ReportFields => ({
    ...newFields(null),
    itemCode: "WM-07",
    severity: "low",
    place: { name: " 旧码头 ", address: "" },
    location,
    ...change,
  });

  it("is sent with the position of the photo, and read back for another edit", () => {
    const body = toBody(fields({}));
    expect(body).toMatchObject({ point_id: null, place: { name: "旧码头", location: { lat: 31.2, lon: 107.4 } } });
    expect(body.place).not.toHaveProperty("address");
    expect(fromBody(body)).toMatchObject({ pointId: null, place: { name: "旧码头", address: "" }, location });
    const listed = toBody({ ...newFields("pt"), location });
    expect(listed.point_id).toBe("pt");
    expect(listed, "an older service would refuse it").not.toHaveProperty("place");
    expect(fromBody(listed).place ?? null).toBeNull();
  });

  it("needs a name and a position", () => {
    const photo = { id: "p1", view: "far" as const, capturedAt: "2026-08-03T07:04:00Z", sizeBytes: 3, sha256: null };
    const draft = (change: Partial<ReportFields>) => ({
      ...newReportDraft("i1", "u1", null, "", 1),
      photos: [photo],
      fields: fields(change),
    });
    reference.value = null;
    expect(faultsOf(draft({}))).toEqual([]);
    expect(faultsOf(draft({ place: { name: " ", address: "" } }))).toEqual(["placeName"]);
    expect(faultsOf(draft({ location: null }))).toEqual(["placePosition"]);
    expect(faultsOf(draft({ place: null }))).toEqual(["place"]);
    expect(placeNameOf(fields({}))).toBe("旧码头");
  });
});
