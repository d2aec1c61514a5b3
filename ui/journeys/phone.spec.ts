/** A phone on the same network: the page that the QR code leads to, and its photos in the works. */
import { devices } from "@playwright/test";

import { expect, test } from "./office";
import { sample } from "./surroundings";

test("a phone opens the address, sends a photo with where and when it was taken, and is shown the door", async ({ office, browser }) => {
  const laptop = await office.laptop("李明");
  const id = await office.works(laptop, "手机拍照的工程");
  const desk = await office.openDesk(laptop);
  await desk.go("works");
  await desk.page.getByRole("link", { name: "手机拍照的工程" }).click();
  await desk.get("tab-photos").click();
  await desk.get("phone").click();
  const url = (await desk.get("phone-url").innerText()).trim();

  const phone = await browser.newContext({ ...devices["Pixel 7"], locale: "zh-CN" });
  const page = await phone.newPage();
  await page.goto(url);
  await expect(page.locator("#title")).toContainText("手机拍照的工程");
  await expect(desk.get("phone-state")).toContainText("手机已连接");
  await page.locator("#files").setInputFiles([sample("photos/sewage-before.jpg"), sample("photos/sewage-during.jpg")]);
  await expect(desk.get("phone-count")).toContainText("2");
  await expect(page.locator("#list li")).toHaveCount(2);
  const wide = await page.evaluate(() => document.documentElement.scrollWidth - window.innerWidth);
  expect(wide, "nothing has to be pushed sideways on a phone").toBeLessThanOrEqual(0);

  const stranger = await browser.newContext();
  const second = await stranger.newPage();
  await second.goto(url);
  await expect(second.locator("#state"), "the token is spent").not.toBeEmpty();
  await expect(second.locator("#desk")).toBeHidden();
  await stranger.close();

  await desk.get("phone-done").click();
  await expect(async () => expect(await fetch(url).then(() => "open", () => "shut"), "with the dialog the door goes").toBe("shut")).toPass();
  await phone.close();
  const photos = (await laptop.show(id)).fields.photos as { name: string; bytes: number }[];
  expect(photos.map((one) => one.name)).toEqual(["sewage-before.jpg", "sewage-during.jpg"]);
});
