/** A township's list: looked at before it is taken, and taken back as one step. */
import { readFile, writeFile } from "node:fs/promises";
import { join } from "node:path";

import { expect, test, VILLAGE } from "./office";
import { sample } from "./surroundings";

test("a table is checked, agreed to and taken back, and the district gets what was agreed to", async ({ office }) => {
  const laptop = await office.laptop("李明");
  const count = async () => (await laptop.list("works")).length;
  const desk = await office.openDesk(laptop);
  await desk.go("works");
  await desk.get("import").click();
  await desk.get("import-file").setInputFiles(sample("works-盐东镇.xlsx"));
  await expect(desk.get("rows-new")).toContainText("11");
  expect(await count(), "nothing is written before the person agrees").toBe(0);
  await desk.get("import-confirm").click();
  await expect(desk.get("import-done")).toBeVisible();
  expect(await count(), "the row whose village is in no list stays out").toBe(11);

  await desk.get("undo-import").click();
  await desk.page.locator(".el-message-box__btns").getByRole("button", { name: "撤销这次导入" }).click();
  await expect(desk.get("import-undone")).toBeVisible();
  expect(await count(), "as one step").toBe(0);

  await desk.go("works");
  await desk.get("import").click();
  await desk.get("import-file").setInputFiles(sample("works-盐东镇.xlsx"));
  await desk.get("import-confirm").click();
  await expect(desk.get("import-done")).toBeVisible();
  await desk.syncNow();
  expect(await office.district.list("works")).toHaveLength(11);
});

test("what a column, a village or a date may mean is chosen among candidates, once, and kept for next month", async ({ office }) => {
  const laptop = await office.laptop("李明");
  const desk = await office.openDesk(laptop);
  const table = (rows: string) => ({ name: "六月.csv", mimeType: "text/csv", buffer: Buffer.from(`村,工程名称,工程类别,合同总价款,计划开工\n${rows}`) });
  const choose = async (rows: string) => {
    await desk.go("works");
    await desk.get("import").click();
    await desk.get("import-file").setInputFiles(table(rows));
  };
  await choose("中东村,一号管网,生活污水,12.5万元,2026年5月底\n正样村,二号管网,生活污水,3万元,2026年5月底\n");
  await expect(desk.get("rows-undecided")).toContainText("2");
  await expect(desk.get("import-confirm"), "nothing can be written while every row waits for an answer").toBeDisabled();

  await desk.page.locator(".pair").filter({ hasText: "合同总价款" }).getByRole("button", { name: "合同价" }).first().click();
  await desk.get("question-planned_start-2").getByLabel("2026-05-31").click();
  await expect(desk.get("rows-new"), "one answer serves both rows; the first is complete").toContainText("1");
  await desk.get("question-village-3").getByLabel("正洋村委会").click();
  await expect(desk.get("rows-new")).toContainText("2");
  await desk.get("reconsider-正样村").click();
  await expect(desk.get("rows-undecided"), "a slip is taken back").toContainText("1");
  await desk.get("question-village-3").getByLabel("正洋村委会").click();
  await expect(desk.get("rows-new")).toContainText("2");
  await desk.get("import-save-as").fill("月报");
  await desk.get("import-confirm").click();
  await expect(desk.get("import-done")).toBeVisible();
  const village = await laptop.find("village", "code", "320902107207");
  const second = (await laptop.list("works")).find((one) => one.fields.name === "二号管网");
  expect(second?.fields).toMatchObject({ village, contract_amount: 3_000_000, planned_start: "2026-05-31" });

  await choose("正样村,三号管网,生活污水,4万元,2026年5月底\n");
  await desk.get("import-template").click();
  await desk.page.getByRole("option", { name: "月报" }).click();
  await expect(desk.get("rows-new"), "the kept answers are not asked for again").toContainText("1");
  await desk.get("import-confirm").click();
  await expect(desk.get("import-done")).toBeVisible();
  expect(await laptop.list("works")).toHaveLength(3);
});

test("a table of before a merger asks where its rows belong now, and a name that two villages have which is meant", async ({ office }) => {
  const laptop = await office.laptop("李明");
  const [device] = JSON.parse(await office.district.ask("--json", "device", "list"));
  await office.district.ask("device", "reach", device.id, "--grant", "320902102");
  const newer = join(office.folder, "newer.csv");
  const list = (await readFile(sample("places.csv"), "utf8")).split("\n").filter((line) => !line.startsWith("320902107207"));
  await writeFile(newer, list.join("\n"));
  await office.district.ask("places", "load", newer, "--from", "2026-06-01", "--complete", "320902");
  await office.district.ask("places", "succeed", "320902107207", VILLAGE);
  await laptop.ask("sync");

  const desk = await office.openDesk(laptop);
  await desk.go("works");
  await desk.get("import").click();
  const rows = "正洋村,旧村管网,生活污水\n新建村,哪个新建,生活污水\n中东村,新管网,生活污水\n";
  await desk.get("import-file").setInputFiles({ name: "旧表.csv", mimeType: "text/csv", buffer: Buffer.from(`村,工程名称,工程类别\n${rows}`) });
  await expect(desk.get("rows-undecided")).toContainText("2");
  const merged = desk.get("question-village-2");
  await expect(merged, "when it ended, and into what").toContainText(/2026-06-01.*中东村委会/);
  await expect(merged.getByText("仍记在原村"), "the old village stays a choice").toBeVisible();
  const twice = desk.get("question-village-3");
  await expect(twice, "each with its township").toContainText(/新兴镇.*盐东镇|盐东镇.*新兴镇/);
  await merged.getByLabel("中东村委会").click();
  await expect(desk.get("rows-undecided")).toContainText("1");
  await twice.getByLabel(/新兴镇/).click();
  await expect(desk.get("rows-new")).toContainText("3");
  await desk.get("import-confirm").click();
  await expect(desk.get("import-done")).toBeVisible();
  const works = await laptop.list("works");
  const village = async (name: string) => (await laptop.show(String(works.find((one) => one.fields.name === name)?.fields.village))).fields.code;
  expect(await village("旧村管网"), "the village that followed").toBe(VILLAGE);
  expect(await village("哪个新建")).toBe("320902102222");
});
