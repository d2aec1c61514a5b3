/** From a new laptop to a works with its progress and photo at the district. */
import { expect, test } from "./office";
import { PIN } from "./programs";
import { sample } from "./surroundings";

test("a clerk enrols, records a works with its progress and a photo, and sees that the district has it", async ({ office }) => {
  const laptop = await office.laptop();
  const desk = await office.desk(laptop);
  await desk.get("enrol-code").fill(await office.district.code());
  await desk.get("enrol-name").fill("李明");
  await desk.get("pin").fill(PIN);
  await desk.get("pin-again").fill(PIN);
  await desk.get("enrol").click();
  await expect(desk.get("recovery-key"), "the key is shown once").toBeVisible();
  await expect(desk.get("enter"), "and nobody goes on without it").toBeDisabled();
  await desk.get("recovery-kept").click();
  await desk.get("enter").click();
  await expect(desk.get("person")).toHaveText("李明");
  await desk.syncNow();

  await desk.go("works");
  await desk.get("new-record").click();
  // 𠮷 lies beyond the basic plane, as some village names do.
  await desk.fill("name", "浏览器里登记的𠮷工程");
  await desk.fill("contract_amount", "没有数");
  await expect(desk.get("error-contract_amount"), "said beside the field, while typing").toBeVisible();
  await desk.fill("contract_amount", "12.5万元");
  await expect(desk.get("error-contract_amount")).toBeHidden();
  await desk.choose("village", "中东");
  await desk.choose("category", "黑臭水体");
  await desk.get("save").click();
  await expect(desk.get("saved")).toBeVisible();

  await desk.go("works");
  await desk.page.getByRole("link", { name: "浏览器里登记的𠮷工程" }).click();
  await desk.get("tab-progress").click();
  await desk.get("new-progress").click();
  await desk.fill("date", "2026.6.2");
  await desk.fill("percent", "35");
  await desk.get("progress-photos").setInputFiles(sample("photos/ditch-during.jpg"));
  await desk.page.locator(".el-dialog").getByTestId("save").click();
  await expect(desk.page.getByTestId(/^progress-[0-9a-f]+-/)).toContainText("35%");
  await desk.syncNow();

  const [works] = await office.district.list("works");
  expect(works.fields).toMatchObject({ name: "浏览器里登记的𠮷工程", category: "black_odour", contract_amount: 12_500_000 });
  const [progress] = await office.district.list("progress");
  expect(progress.fields, "however the date was typed").toMatchObject({ date: "2026-06-02", photos: [{ name: "ditch-during.jpg" }] });
  const status = await laptop.ask("status");
  expect([status.pending, status.attachments.files], "and nothing is left here that is not there").toEqual([0, 0]);
});
