/** Practice: a ledger of samples with a guide through it, and nothing of it left afterwards. */
import { existsSync } from "node:fs";
import { join } from "node:path";

import { expect, test } from "./office";

test("whoever practises is led, is told what he has done, and leaves no trace", async ({ office }) => {
  const laptop = await office.laptop("李明");
  const desk = await office.openDesk(laptop);
  await desk.get("practise").click();
  await expect(desk.get("practice-bar"), "over every page it stands that this is practice").toBeVisible();
  await expect(desk.get("lock"), "there is nothing to be locked").toBeHidden();
  expect(existsSync(join(laptop.folder, "practice"))).toBe(true);

  await desk.get("tour-show").click();
  await desk.fill("name", "练习时登记的工程");
  await desk.choose("category", "黑臭水体");
  await desk.get("save").click();
  await expect(desk.get("saved")).toBeVisible();
  await expect(desk.get("tour-done"), "the guide sees it in the records").toBeVisible();
  await desk.get("tour-next").click();
  await desk.get("tour-show").click();
  await desk.get("tour-photo").click();
  await expect(desk.get("tour-done")).toBeVisible();
  await expect(desk.page.locator("[data-testid^=attachment-]").first(), "and the photo lies where it leads").toBeVisible();

  await desk.get("end-practice").click();
  await desk.page.locator(".el-message-box__btns button").last().click();
  await expect(desk.get("lock"), "the real ledger is back, as it was").toBeVisible();
  await expect(desk.get("practice-bar")).toBeHidden();
  await expect(desk.get("person")).toHaveText("李明");
  expect(existsSync(join(laptop.folder, "practice")), "nothing is left on the disk").toBe(false);
  expect(await laptop.list("works"), "nor in the records").toEqual([]);
  expect((await laptop.ask("status")).pending).toBe(0);
});
