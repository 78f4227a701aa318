// Every screen of the app by role. A test compares this list with the routers in src.
import { randomUUID } from "node:crypto";
import type { Role } from "../src/api/types";
import { approveBatch, draftBatch, recordVisit } from "./batches";
import type { Service } from "./service";

/** One issue in each state that has a screen of its own. */
export interface Shown {
  submitted: string;
  assigned: string;
  rectifying: string;
  reported: string;
  toCheck: string;
  point: string;
  /** A batch that is approved, the draft of one, and a visit. */
  batch: string;
  draft: string;
  visit: string;
  /** A unit of which people in charge are known. */
  unit: string;
}

interface Screens {
  user: string;
  screens: (shown: Shown) => string[];
}

/** A visit that nobody has begun. */
const NEW_VISIT = "7d1f6a52-0c3e-4b8a-9f21-5e6d7c8b9a01";

/** Before the login, and somebody of each role. */
export const SCREENS: Record<Role | "nobody", Screens> = {
  nobody: { user: "", screens: () => ["login", "complaint", "doctor", "setup"] },
  inspector: {
    user: "inspector01",
    screens: ({ point, toCheck }) => [
      "points",
      `point/${point}`,
      `visit/${NEW_VISIT}?point=${point}`,
      "capture",
      "records",
      `issue/${toCheck}`,
      `issue/${toCheck}/pass`,
      `issue/${toCheck}/fail`,
      `outbox?done=${toCheck}`,
      "outbox",
      "notices",
      "me",
      "doctor",
      "install",
      "password",
      "sessions",
      "complaint",
      "nowhere",
    ],
  },
  unit: {
    user: "unit01",
    screens: ({ assigned, rectifying }) => [
      "todo",
      "all",
      "month",
      "months",
      "cards",
      "self",
      "self/look",
      `issue/${assigned}`,
      `issue/${assigned}/sign-in`,
      `issue/${assigned}/return`,
      `issue/${rectifying}/report-fix`,
      `issue/${rectifying}/request-extension`,
      `issue/${rectifying}/dispute`,
      `issue/${rectifying}/print`,
      "outbox",
      "notices",
      "me",
    ],
  },
  leader: {
    user: "leader01",
    screens: ({ assigned }) => [
      "overview",
      "issues",
      "all",
      "wall",
      "plans/schedule",
      "pairings",
      "months",
      `issue/${assigned}`,
      "me",
    ],
  },
  // The campaign of the first item, of which `seed` makes its issues.
  task_force: { user: "taskforce03", screens: ({ assigned }) => ["overview", "issues", `issue/${assigned}`, "me"] },
  discipline: {
    user: "discipline01",
    screens: ({ batch }) => ["overview", "audit", "complaints", "cases", "draws", `draws/${batch}`],
  },
  admin: {
    user: "admin",
    screens: () => ["me", "setup", "setup/county", "setup/campaigns", "setup/unit/new", "setup/point/new"],
  },
  office: {
    user: "office01",
    screens: ({ submitted, reported, batch, draft, visit, unit }) => [
      "overview",
      "notices",
      ...["review", "release", "check", "redispatch", "extension", "hang", "dispute"].map(
        (kind) => `queue?kind=${kind}`,
      ),
      `queue?kind=check&id=${reported}`,
      "issues",
      `issue/${submitted}`,
      `issue/${reported}`,
      `issue/${reported}/print`,
      "issues/print?photos=1",
      "map",
      ...["", "/rules", "/groups", "/year/2026"].map((section) => `months${section}`),
      "follow/dispatch",
      "follow/cards",
      "follow/self",
      "follow/samples",
      "follow/repeats",
      "follow/notes",
      "follow/cases",
      "follow/dispatch/print",
      ...["gaps", "board", "schedule", "needs", "areas", "burden"].map((section) => `plans/${section}`),
      "batches",
      `batches/${batch}`,
      "batches/new",
      `batches/${draft}/plan`,
      "visits",
      `visits/${visit}`,
      "draws",
      `draws/${batch}`,
      "settings",
      "settings/ground",
      "settings/units",
      "settings/charge",
      `settings/charge/${unit}`,
      "settings/pairings",
      "settings/points/codes",
      "settings/unlisted",
      "nowhere",
    ],
  },
};

/** Names that the routers know and that are shown under another: `report` under `capture`. */
export const ALIASES = ["report"];

/** A unit with people in charge, one of them to come, that a county leader looks after. */
async function nameInCharge(service: Service): Promise<string> {
  const { units } = await service.call<{ units: { id: string }[] }>("office01", "GET", "/reference");
  const unit = units[0]?.id ?? "";
  const name = (duty: string, from: string, person: string, phone: string) =>
    service.call("office01", "PUT", `/units/${unit}/people/${duty}/${from}`, { person, phone });
  await name("principal", "2024-03-01", "王建国", "0827-1234567");
  await name("principal", "2099-01-01", "", "");
  await name("liaison", "2025-06-01", "李红", "");
  const { items } = await service.call<{ items: { id: string }[] }>("office01", "GET", "/leaders");
  const pairing = { leader_id: items[0]?.id, unit_id: unit, from: "2026-01-01" };
  await service.call("office01", "PUT", `/pairings/${randomUUID()}`, pairing);
  return unit;
}

export async function fillCounty(service: Service): Promise<Shown> {
  const { points } = await service.call<{ points: { id: string; name: string }[] }>("office01", "GET", "/reference");
  const shown: Shown = {
    submitted: await service.seed("submitted"),
    assigned: await service.seed("assigned"),
    rectifying: await service.seed("assigned"),
    reported: await service.seed("reported"),
    toCheck: await service.seed("reported"),
    point: points.find((one) => one.name === "禾苑小区")?.id ?? "",
    batch: await approveBatch(service),
    draft: await draftBatch(service),
    visit: await recordVisit(service, "inspector01", { name: "禾苑小区" }),
    unit: await nameInCharge(service),
  };
  await service.act("unit01", shown.rectifying, "sign-in", { handler: "李建国" });
  const { items } = await service.call<{ items: { id: string; display_name: string }[] }>(
    "office01",
    "GET",
    "/inspectors",
  );
  await service.act("office01", shown.toCheck, "assign-check", {
    inspector_id: items.find((person) => person.display_name.endsWith("01"))?.id,
  });
  return shown;
}
