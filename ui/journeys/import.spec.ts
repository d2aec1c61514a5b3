/** A township's list: looked at before it is taken, and taken back as one step. */
import { expect, test } from "./office";
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
