import { atHome, takePhotos, writeReport } from "./steps";
import { expect, signIn, test, workerReady } from "./service";

const DESK = { viewport: { width: 1440, height: 900 } };

test("one issue from the photo to its end, through the hands of four people", { tag: "@both" }, async ({
  open,
  service,
}) => {
  const inspector = await open();
  await signIn(inspector, service, "inspector01");
  await atHome(inspector);
  await workerReady(inspector);
  await inspector.context().setOffline(true);
  await writeReport(inspector, [41, 42]);
  await inspector.context().setOffline(false);
  await expect(inspector.getByText("全部送达")).toBeVisible();

  // One reviews, another releases.
  const reviewer = await open(DESK);
  await signIn(reviewer, service, "office01");
  await reviewer.goto(`${service.app}/#/queue?kind=review`);
  await reviewer.getByRole("button", { name: "确认审核通过" }).click();
  await expect(reviewer.getByText(/审核通过，已完成/)).toBeVisible();
  const releaser = await open(DESK);
  await signIn(releaser, service, "office02");
  await releaser.goto(`${service.app}/#/queue?kind=release`);
  await releaser.getByRole("button", { name: "确认交办" }).click();
  await expect(releaser.getByText(/交办，已完成/)).toBeVisible();

  const { items } = await service.call<{ items: { id: string; number: string; unit_id: string }[] }>(
    "office01",
    "GET",
    "/issues?limit=200",
  );
  const issue = items[0] ?? { id: "", number: "", unit_id: "" };
  const { units } = await service.call<{ units: { id: string; code: string }[] }>("office01", "GET", "/reference");
  const code = units.find((one) => one.id === issue.unit_id)?.code ?? "";

  const unit = await open();
  await signIn(unit, service, `unit${code.slice(1)}`);
  await unit.getByRole("link", { name: "签收", exact: true }).click();
  await unit.getByLabel("整改责任人").fill("李建国");
  await unit.getByRole("button", { name: "确认签收" }).click();
  await expect(unit.getByText("“签收”已送达。")).toBeVisible();
  await unit.getByRole("link", { name: "提交整改", exact: true }).click();
  await takePhotos(unit, [43, 44]);
  await unit.getByRole("radio", { name: "立行立改" }).check({ force: true });
  await unit.getByLabel("整改措施").fill("已清理楼道");
  await unit.getByRole("button", { name: "确认提交整改" }).click();
  await expect(unit.getByText("“提交整改”已送达。")).toBeVisible();
  // The unit sees the issue, but not who found it.
  await expect(unit.getByRole("main")).not.toContainText("暗访0");
  await expect(unit.getByRole("main")).not.toContainText("督查室0");

  await reviewer.goto(`${service.app}/#/queue?kind=check`);
  await expect(reviewer.getByText("滑动对比")).toBeVisible();
  await reviewer.getByRole("radio", { name: "现场核查" }).check({ force: true });
  await reviewer.getByRole("button", { name: "确认核查通过" }).click();
  await expect(reviewer.getByText(/核查通过，已完成/)).toBeVisible();

  await unit.goto(`${service.app}/#/all`);
  await expect(unit.getByText("已销号")).toBeVisible();
  await inspector.goto(`${service.app}/#/issue/${issue.id}`);
  await expect(inspector.getByText("已销号").first()).toBeVisible();
});
