/**
 * A list of 100,000 works over its real store: no task of the page takes so long
 * that a hand would feel it (50 ms) while one scrolls, types and sorts.
 * `cargo xtask bench window` fills the laptop and names it.
 */
import { mkdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";

import { expect, test } from "@playwright/test";

import { Desk, rest } from "./office";
import { Laptop } from "./programs";
import { RESULTS } from "./surroundings";

/** What the browser calls a long task, in milliseconds. */
const LONG = 50;

declare global {
  interface Window {
    longTasks: number[];
  }
}

test("no task is long while a list of 100,000 works is scrolled, filtered and sorted", async ({ page }) => {
  test.setTimeout(600_000);
  const laptop = new Laptop(process.env.NONGHUAN_ROWS ?? "");
  await page.addInitScript(() => {
    window.longTasks = [];
    new PerformanceObserver((seen) => window.longTasks.push(...seen.getEntries().map((one) => one.duration))).observe({ type: "longtask" });
  });
  await page.goto(await laptop.window());
  const desk = new Desk(page);
  await desk.unlock();
  await desk.go("works");
  await expect(desk.get("sums")).toContainText(/[1-9]\d*,?\d{3}/);
  await rest(desk);

  const found: Record<string, number[]> = {};
  const phase = async (name: string, act: () => Promise<void>) => {
    await page.evaluate(() => void (window.longTasks = []));
    await act();
    await rest(desk);
    found[name] = await page.evaluate(() => window.longTasks.map((one) => Math.round(one)));
  };
  const grid = desk.get("grid");
  const height = await grid.evaluate((one) => one.scrollHeight);
  await grid.hover();
  await phase("wheel", async () => {
    for (let turn = 0; turn < 60; turn += 1) await page.mouse.wheel(0, 480);
  });
  await phase("leaps", async () => {
    for (let leap = 1; leap <= 20; leap += 1) {
      await grid.evaluate((one, to) => one.scrollTo(0, to), (height * leap) / 20);
      await rest(desk);
    }
  });
  await phase("arrows", async () => {
    await desk.page.locator("table.records").focus();
    for (let step = 0; step < 60; step += 1) await page.keyboard.press("ArrowUp");
  });
  await phase("typing", () => desk.get("list-search").pressSequentially("整治工程", { delay: 60 }));
  await phase("clearing", () => desk.get("clear").click());
  await phase("sorting", async () => {
    await desk.get("sort-contract_amount").click();
    await rest(desk);
    await desk.get("sort-name").click();
  });
  await laptop.stop();

  mkdirSync(RESULTS, { recursive: true });
  writeFileSync(join(RESULTS, "rows.json"), JSON.stringify(found, null, 2));
  for (const [name, tasks] of Object.entries(found)) process.stdout.write(`${name}: ${tasks.length === 0 ? `none over ${LONG} ms` : tasks.join(", ")}\n`);
  expect(Object.values(found).flat(), "in milliseconds").toEqual([]);
});
