// Batches and visits, put through the interface of the service.
import { randomUUID } from "node:crypto";
import { jpeg } from "./jpeg";
import type { Service } from "./service";

/** A day that is far enough: whatever the clock says, its window has not passed. */
const DAY = "2027-03-02";

export const planBody = (title: string) => ({
  title,
  window_from: "2027-03-01",
  window_to: "2027-03-12",
  campaigns: [],
  areas: [],
  rules: {
    algorithm: "anfang-draw/1",
    slots: [
      { date: DAY, from_minute: 540, to_minute: 690, kind: "day" },
      { date: DAY, from_minute: 1140, to_minute: 1260, kind: "evening" },
    ],
    evening_min: 1,
    weekend_min: 0,
    open_places: 2,
    proportional_places: 2,
    quotas: [],
    point_visits_max: 2,
    unit_visits_max: 6,
    pair_types: [],
    pair_severe: false,
    tasks_per_inspector_max: 3,
    demo_percent: 100,
  },
});

export async function draftBatch(service: Service, title = "三月第二批"): Promise<string> {
  const id = randomUUID();
  await service.call("office01", "PUT", `/batches/${id}`, planBody(title));
  return id;
}

async function step(service: Service, user: string, id: string, action: string, body: unknown): Promise<void> {
  const { version } = await service.call<{ version: number }>(user, "GET", `/batches/${id}`);
  await service.call(user, "POST", `/batches/${id}/actions/${action}`, body, { "If-Match": `"${version}"` });
}

export async function approveBatch(service: Service): Promise<string> {
  const id = await draftBatch(service, "三月第一批");
  await step(service, "office01", id, "propose", {});
  await step(service, "office02", id, "approve", { approval_no: "督查〔2027〕3号" });
  return id;
}

interface Known {
  points: { id: string; name: string; type: string; location: { lat: number; lon: number } | null }[];
  items: { code: string; point_types: string[]; limit: string | null }[];
}

/** A visit by its inspector that ends at `now`; with `fails` one item fails and opens an issue. */
export async function recordVisit(
  service: Service,
  inspector: string,
  {
    name,
    task,
    point_id,
    fails = false,
    now = new Date(),
  }: {
    name?: string;
    point_id?: string;
    task?: { batch_id: string; number: number };
    fails?: boolean;
    now?: Date;
  },
): Promise<string> {
  const { points, items } = await service.call<Known>(inspector, "GET", "/reference");
  const point = points.find((one) => one.id === point_id || one.name === name);
  if (!point) throw new Error(`no point ${name ?? point_id ?? ""}`);
  const fitting = items.filter(({ point_types }) => point_types.some((type) => type === "*" || type === point.type));
  const failed = fails ? fitting.find(({ limit }) => limit !== null) : undefined;
  const photo = async (seed: number) => {
    const id = randomUUID();
    await service.call(inspector, "PUT", `/photos/${id}`, jpeg(seed));
    return id;
  };
  const location = point.location === null ? null : { ...point.location, accuracy_m: 12 };
  const results = [];
  for (const { code } of fitting) {
    if (code !== failed?.code) results.push({ item_code: code, result: "conforms" });
    else {
      const report = {
        point_id: point.id,
        item_code: code,
        severity: "medium",
        description: "楼道堆放杂物",
        captured_at: now.toISOString(),
        location,
        photos: [
          { id: await photo(Math.floor(Math.random() * 1e9)), view: "far" },
          { id: await photo(Math.floor(Math.random() * 1e9)), view: "near" },
        ],
      };
      results.push({ item_code: code, result: "fails", issue: { id: randomUUID(), report } });
    }
  }
  const id = randomUUID();
  await service.call(inspector, "PUT", `/visits/${id}`, {
    point_id: point.id,
    ...(task ? { task } : {}),
    began_at: new Date(now.getTime() - 20 * 60_000).toISOString(),
    ended_at: now.toISOString(),
    ...(location ? { location } : {}),
    results,
  });
  return id;
}

interface Task {
  batch_id: string;
  number: number;
  point_id: string;
}

/** Every inspector carries out the tasks that are shown to them; the first visit finds something. */
export async function carryOut(service: Service, now: Date): Promise<number> {
  let count = 0;
  for (const inspector of ["inspector01", "inspector02", "inspector03"]) {
    const { items } = await service.call<{ items: Task[] }>(inspector, "GET", "/tasks");
    for (const { batch_id, number, point_id } of items) {
      await recordVisit(service, inspector, { point_id, task: { batch_id, number }, fails: count === 0, now });
      count += 1;
    }
  }
  return count;
}
