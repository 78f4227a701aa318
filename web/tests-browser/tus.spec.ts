// Uploads with a tus client that is not ours: https://github.com/tus/tus-js-client.
import { createHash, randomUUID } from "node:crypto";
import { Upload } from "tus-js-client";
import type { UploadOptions } from "tus-js-client";
import { jpeg } from "./jpeg";
import { expect, test } from "./service";

const PASSWORD = "Anfang-demo-2026";

async function token(app: string): Promise<string> {
  const init = {
    method: "POST",
    headers: { "Content-Type": "application/json" },
    body: JSON.stringify({ username: "inspector02", password: PASSWORD }),
  };
  return ((await (await fetch(`${app}/api/v1/sessions`, init)).json()) as { token: string }).token;
}

function options(app: string, bearer: string, bytes: Buffer, id: string): UploadOptions {
  const sha256 = createHash("sha256").update(bytes).digest("hex");
  return {
    endpoint: `${app}/api/v1/uploads`,
    headers: { Authorization: `Bearer ${bearer}` },
    metadata: { id, filename: "IMG_0001.jpg", filetype: "image/jpeg", sha256 },
    retryDelays: [0, 100, 200],
    storeFingerprintForResuming: false,
  };
}

/** Sends until the end, or until so many bytes are acknowledged. */
const run = (bytes: Buffer, given: UploadOptions, breakAt = Infinity): Promise<{ url: string; ended: boolean }> =>
  new Promise((resolve, reject) => {
    const upload: Upload = new Upload(bytes, {
      ...given,
      onError: reject,
      onSuccess: () => resolve({ url: upload.url ?? "", ended: true }),
      onChunkComplete: (_, accepted, total) => {
        if (accepted >= breakAt && accepted < (total ?? 0))
          void upload.abort().then(() => resolve({ url: upload.url ?? "", ended: false }));
      },
    });
    upload.start();
  });

test("tus-js-client sends, breaks off, goes on, and the report is complete", async ({ service }) => {
  const bearer = await token(service.app);
  const id = randomUUID();
  const bytes = Buffer.from(jpeg(901, 1_500_000));
  const reference = await service.call<{
    points: { id: string; type: string }[];
    items: { code: string; point_types: string[] }[];
  }>("office01", "GET", "/reference");
  const [point] = reference.points;
  const item = reference.items.find((one) => one.point_types.includes(point?.type ?? ""));
  const issue = randomUUID();
  const waiting = await service.call<{ state: string }>("inspector02", "PUT", `/issues/${issue}`, {
    point_id: point?.id,
    item_code: item?.code,
    severity: "medium",
    captured_at: new Date().toISOString(),
    photos: [{ id, view: "far" }],
  });
  expect(waiting.state).toBe("receiving");

  const given = { ...options(service.app, bearer, bytes, id), chunkSize: 200_000 };
  const broken = await run(bytes, given, 400_000);
  expect(broken).toEqual({ url: `${service.app}/api/v1/uploads/${id}`, ended: false });
  const requests: string[] = [];
  const resumed = await run(bytes, {
    ...given,
    uploadUrl: broken.url,
    onBeforeRequest: (request) => {
      requests.push(`${request.getMethod()} ${request.getHeader("Upload-Offset") ?? ""}`.trim());
    },
  });
  expect(resumed.ended).toBe(true);
  expect(requests[0]).toBe("HEAD");
  expect(Number(requests[1]?.split(" ")[1])).toBeGreaterThanOrEqual(400_000);
  const stored = await service.call<{ state: string; photos: { sha256: string }[] }>(
    "office01",
    "GET",
    `/issues/${issue}`,
  );
  expect(stored.state).toBe("submitted");
  expect(stored.photos[0]?.sha256).toBe(createHash("sha256").update(bytes).digest("hex"));
});

test("tus-js-client announces the same again and is led to where it stands", async ({ service }) => {
  const bearer = await token(service.app);
  const bytes = Buffer.from(jpeg(902, 600_000));
  const given = { ...options(service.app, bearer, bytes, randomUUID()), chunkSize: 200_000 };
  const broken = await run(bytes, given, 200_000);
  // It has lost the offset, as after a lost answer: it starts at 0, gets 409, asks, and goes on.
  const again = await run(bytes, given);
  expect(again).toEqual({ url: broken.url, ended: true });
});

test("tus-js-client sends a small photo with its announcement, and learns of a refusal", async ({ service }) => {
  const bearer = await token(service.app);
  const bytes = Buffer.from(jpeg(903));
  const requests: string[] = [];
  const given = {
    ...options(service.app, bearer, bytes, randomUUID()),
    uploadDataDuringCreation: true,
    onBeforeRequest: (request: { getMethod(): string }) => {
      requests.push(request.getMethod());
    },
  };
  expect((await run(bytes, given)).ended).toBe(true);
  expect(requests).toEqual(["POST"]);
  const cut = bytes.subarray(0, bytes.length / 2);
  await expect(run(cut, { ...options(service.app, bearer, cut, randomUUID()), chunkSize: 2_000 })).rejects.toThrow(
    /photo-truncated|photo-corrupt/,
  );
});
