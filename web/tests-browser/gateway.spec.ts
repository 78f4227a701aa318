// Proxies between a phone and the service that answer themselves.
import { atHome, writeReport } from "./steps";
import { expect, signIn, test } from "./service";

const PAGES = [
  { what: "a gateway's 403", status: 403, body: "<html><title>403</title><h1>访问被拦截</h1></html>" },
  { what: "a portal's page with 200", status: 200, body: "<!doctype html><title>认证</title><form>上网认证</form>" },
  { what: "a proxy's 401", status: 401, body: "<html>Authorization required</html>" },
];

for (const { what, status, body } of PAGES) {
  test(`${what} ends no session and gives up no record`, async ({ page, context, service }) => {
    await signIn(page, service, "inspector01");
    await atHome(page);
    await context.setOffline(true);
    await writeReport(page, [71], 300_000);
    service.proxy.pretend({ status, body });
    await context.setOffline(false);
    await expect(page.getByText(/试过 \d+ 次：服务器响应异常/)).toBeVisible();
    await page.reload();
    await expect(page.getByRole("main").getByText("1 条未送达")).toBeVisible();
    await expect(page.getByText("登录已失效")).toHaveCount(0);
    await expect(page.getByRole("heading", { name: "需处理" })).toHaveCount(0);
    service.proxy.pretend(null);
    await page.getByRole("button", { name: "现在全部上传" }).click();
    await expect(page.getByText("全部送达")).toBeVisible();
    expect((await service.call<{ items: unknown[] }>("office01", "GET", "/issues?limit=200")).items).toHaveLength(1);
  });
}
