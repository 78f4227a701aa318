import type { AnswerEntry, ReportEntry } from "../src/outbox/entry";
import type { PhotoRef } from "../src/store/records";

export const photoRef = (id: string): PhotoRef => ({
  id,
  view: "far",
  capturedAt: "2026-08-03T07:04:00Z",
  sizeBytes: 3,
  sha256: "ab".repeat(32),
});

const base = {
  userId: "u1",
  title: "t",
  sentPhotos: [],
  state: "waiting" as const,
  attempts: 0,
  nextAt: 0,
  setback: null,
  receipt: null,
  createdAt: 0,
  deliveredAt: null,
};

export const reportEntry = (id = "i1"): ReportEntry => ({
  ...base,
  kind: "report",
  id,
  issueId: id,
  photos: [photoRef("p1"), photoRef("p2")],
  body: {
    point_id: "pt",
    item_code: "WM-07",
    severity: "low",
    captured_at: "2026-08-03T07:04:11Z",
    photos: [
      { id: "p1", view: "far" },
      { id: "p2", view: "near" },
    ],
  },
});

export const answerEntry = (): AnswerEntry => ({
  ...base,
  kind: "answer",
  id: "a1",
  issueId: "i1",
  action: "report-fix",
  version: 4,
  photos: [photoRef("p1"), photoRef("p2")],
  body: { measure: "m", remedy: "quick", photos: [{ id: "p1" }, { id: "p2" }] },
});
