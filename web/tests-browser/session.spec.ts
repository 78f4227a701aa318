import { atHome, writeReport } from "./steps";
import { enterPassword, expect, signIn, test } from "./service";

test("a session that ended with a full outbox keeps every record, and signing in again sends them", async ({
  page,
  context,
  service,
}) => {
  await page.clock.install();
  await signIn(page, service, "inspector01");
  await atHome(page);
  await context.setOffline(true);
  for (const seed of [21, 22, 23, 24, 25]) await writeReport(page, [seed]);
  // Ended by the service, say because an administrator reset the password; the phone still has its cookie.
  const cookie = (await context.cookies()).find((one) => one.name === "anfang_session");
  await fetch(`${service.app}/api/v1/sessions/current`, {
    method: "DELETE",
    headers: { Authorization: `Bearer ${cookie?.value ?? ""}` },
  });
  await context.setOffline(false);
  await expect(page.getByText("登录已失效，5 条未发送的记录还在本机")).toBeVisible();
  await expect(page.getByRole("main").getByText("5 条未送达")).toBeVisible();
  expect((await service.call<{ items: unknown[] }>("office01", "GET", "/issues?limit=200")).items).toHaveLength(0);
  // Nothing is sent again until somebody logs in.
  const { calls } = service.proxy.counts;
  await page.clock.runFor("30:00");
  await page.reload();
  await expect(page.getByText("登录已失效，5 条未发送的记录还在本机")).toBeVisible();
  // The one record that a starting page sends may still be on its way.
  await page.waitForLoadState("networkidle");
  const { calls: atStart } = service.proxy.counts;
  await page.clock.runFor("30:00");
  await expect(page.getByRole("main").getByText("5 条未送达")).toBeVisible();
  expect(service.proxy.counts.calls).toBe(atStart);
  // The calls of a starting page: the account, the reference data, one record.
  expect(atStart - calls).toBeLessThanOrEqual(4);

  await page.getByRole("link", { name: "重新登录" }).click();
  await enterPassword(page);
  await page.getByRole("link", { name: /待上传/ }).click();
  await expect(page.getByText("全部送达")).toBeVisible();
  expect((await service.call<{ items: unknown[] }>("office01", "GET", "/issues?limit=200")).items).toHaveLength(5);
});
