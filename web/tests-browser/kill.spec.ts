import { rmSync } from "node:fs";
import { jpeg } from "./jpeg";
import { launchPhone, newProfile } from "./phone";
import { enterPassword, expect, signIn, test } from "./service";

test("what was saved is delivered though the browser was killed right after, and while sending", async ({
  service,
  breaches,
}) => {
  const profile = newProfile();
  const file = (seed: number) => ({
    name: "photo.jpg",
    mimeType: "image/jpeg",
    buffer: Buffer.from(jpeg(seed, 2_000_000)),
  });
  const count = async () =>
    (await service.call<{ items: unknown[] }>("office01", "GET", "/issues?limit=200")).items.length;

  const first = await launchPhone(profile, service.app, breaches);
  await signIn(first.page, service, "inspector03");
  // This browser has no position, so the places are sorted by number.
  await expect(first.page.getByRole("region", { name: "附近点位" }).getByRole("listitem").first()).toBeVisible();
  await first.page.context().setOffline(true);
  await first.page.getByRole("link", { name: "拍照上报" }).click();
  await first.page.locator(".take-main input").setInputFiles(file(801));
  await expect(first.page.getByAltText("第 1 张照片")).toBeVisible();
  await first.page.locator("#report-item .choice:has(input:enabled)").first().click();
  await first.page.getByRole("button", { name: "保存", exact: true }).click();
  await expect(first.page.getByText("已保存在本机，会自动发送。")).toBeVisible();
  await first.kill();

  const second = await launchPhone(profile, service.app, breaches);
  let waitsForWifi = false;
  let taken = 0;
  // The report and the first pieces of its photo arrive, another piece hangs, and the browser dies again.
  await second.page.route("**/api/v1/uploads/*", async (route) => {
    if (route.request().method() !== "PATCH") return route.continue();
    if (taken < 2) {
      const answer = await route.fetch();
      taken += 1;
      return route.fulfill({ response: answer });
    }
    waitsForWifi = true;
    await new Promise(() => undefined);
  });
  // The session's cookie ended with the browser; the records did not.
  await second.page.goto(`${service.app}/#/login`);
  await expect(second.page.getByLabel("用户名")).toHaveValue("inspector03");
  await enterPassword(second.page);
  await expect.poll(() => waitsForWifi).toBe(true);
  await second.kill();
  expect(await count()).toBe(1);

  const third = await launchPhone(profile, service.app, breaches);
  const offsets: number[] = [];
  third.page.on("request", (request) => {
    if (request.method() === "PATCH") offsets.push(Number(request.headers()["upload-offset"]));
  });
  await third.page.goto(`${service.app}/#/login`);
  await enterPassword(third.page);
  await third.page.getByRole("link", { name: /待上传/ }).click();
  await expect(third.page.getByText("全部送达")).toBeVisible();
  // The pieces that had arrived were not sent again.
  expect(Math.min(...offsets)).toBeGreaterThanOrEqual(512 * 1024);
  await third.kill();
  expect(await count()).toBe(1);
  rmSync(profile, { recursive: true, force: true });
});
