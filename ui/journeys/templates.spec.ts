/** A district's own table: its template taken out, put back, filled, and let go again. */
import { stat } from "node:fs/promises";
import { join } from "node:path";

import { expect, test } from "./office";

test("a table's template is taken out, kept as the office's own, filled, and let go", async ({ office }) => {
  const laptop = await office.laptop("李明");
  await office.works(laptop, "进台账的工程");
  const desk = await office.openDesk(laptop);
  await desk.go("works");
  await desk.get("export").click();
  await expect(desk.get("export-template"), "what is written without another choice has its name").toContainText("本台账全部列");
  await desk.get("export-template").click();
  await desk.page.getByRole("option", { name: "工程台账" }).click();
  await desk.get("template-edit").click();
  const form = join(office.folder, "工程台账.xlsx");
  await desk.get("template-path").fill(form);
  await desk.get("template-out").click();
  await expect(desk.get("export-done")).toContainText(form);

  await desk.get("template-keep").click();
  await expect(desk.get("template-drop"), "it is the office's own now").toBeVisible();
  const table = join(office.folder, "台账.xlsx");
  await desk.get("export-path").fill(table);
  await desk.get("export-write").click();
  await expect(desk.get("export-done")).toContainText(table);
  expect((await stat(table)).size).toBeGreaterThan(1_000);

  await desk.get("template-drop").click();
  await expect(desk.get("template-drop"), "the one that ships takes its place").toBeHidden();
  await expect(desk.get("export-template")).toContainText("工程台账");
});
