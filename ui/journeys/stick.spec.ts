/** No network at all: a folder stands for the stick, out with a save and back with its receipt. */
import { join } from "node:path";

import { expect, test } from "./office";

test("while the exchange is paused a stick carries a save out and its receipt back", async ({ office }) => {
  const laptop = await office.laptop("李明");
  await laptop.ask("pause");
  await office.works(laptop, "只有U盘能带走的工程");
  const [out, back] = [join(office.folder, "带去.nhb"), join(office.folder, "带回.nhb")];

  const desk = await office.openDesk(laptop);
  await desk.go("sync");
  await expect(desk.page.getByText("只有U盘能带走的工程")).toBeVisible();
  await desk.get("line-sticks").click();
  const byHand = desk.page.locator(".by-hand");
  // Where a stick happens to be plugged in, the places by hand are folded away.
  await expect(desk.get("no-stick").or(desk.get("stick")).first()).toBeVisible();
  if ((await byHand.getAttribute("open")) === null) await byHand.locator("summary").click();
  await desk.choosing(out, byHand.getByRole("button", { name: "浏览…" }).first());
  await expect(desk.get("bundle-out")).toHaveValue(out);
  await desk.get("bundle-write").click();
  await expect(desk.get("bundle-written")).toBeVisible();
  await office.district.ask("bundle", "read", out, "--reply", back);
  expect((await office.district.list("works")).map((one) => one.fields.name)).toEqual(["只有U盘能带走的工程"]);

  await desk.get("bundle-in").fill(back);
  await desk.get("bundle-read").click();
  await expect(desk.get("bundle-taken")).toBeVisible();
  const status = await laptop.ask("status");
  expect([status.pending, status.paused], "confirmed, and still paused").toEqual([0, true]);

  await desk.get("bundle-in").fill(out);
  await desk.get("bundle-read").click();
  await expect(desk.get("refusal"), "the one that was taken there is not for this laptop").toHaveAttribute("data-code", "bundleForDistrict");
  await desk.get("line-log").click();
  await expect(desk.page.getByText("写入U盘").first()).toBeVisible();
});
