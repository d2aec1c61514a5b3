/** An office for one journey: a district, laptops, and a desk that uses the pages as a clerk does. */
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";

import { expect, test as base, type Browser, type Locator, type Page } from "@playwright/test";

import { District, Laptop, PIN } from "./programs";

export { expect };

/** The village that the sample works lie in: 中东村. */
export const VILLAGE = "320902107200";

/** The pages of one laptop, unlocked or not. */
export class Desk {
  constructor(readonly page: Page) {}

  get(name: string): Locator {
    return this.page.getByTestId(name);
  }

  /** The first that can be seen: forms of other steps may be there, and hidden. */
  seen(name: string): Locator {
    return this.get(name).filter({ visible: true }).first();
  }

  async unlock(pin = PIN): Promise<void> {
    await this.get("pin").fill(pin);
    await this.get("unlock").click();
  }

  async go(room: string): Promise<void> {
    await this.get(`nav-${room}`).click();
    // The room is there when its door says so; until then the page before it still takes clicks.
    await expect(this.get(`nav-${room}`)).toHaveClass(/\bhere\b/);
  }

  /** Types into a field and leaves it. */
  async fill(field: string, text: string): Promise<void> {
    await this.seen(`field-${field}`).fill(text);
    await this.seen(`field-${field}`).blur();
  }

  async choose(field: string, option: string): Promise<void> {
    await this.seen(`field-${field}`).click();
    await this.page.locator("[data-testid^=option-]").filter({ hasText: option, visible: true }).first().click();
  }

  /** Clicks what opens a dialog of the system, in which the person chooses `path`, or several. */
  async choosing(path: string | string[], button: Locator): Promise<void> {
    await this.page.evaluate((one) => (window as unknown as { chosen: (string | string[])[] }).chosen.push(one), path);
    await button.click();
  }

  async syncNow(): Promise<void> {
    await this.go("sync");
    await this.get("sync-now").click();
    await expect(this.get("sync-result")).toBeVisible();
  }
}

/** Waits until no call is under way and what came of it is on the page. */
export async function rest(desk: Desk): Promise<void> {
  await desk.page.evaluate(() => void ((window as unknown as { still?: number }).still = 0));
  await desk.page.waitForFunction(() => {
    const page = window as unknown as { underWay: number; still?: number };
    page.still = page.underWay === 0 ? (page.still ?? 0) + 1 : 0;
    return page.still > 3;
  });
  await desk.page.evaluate(() => document.fonts.ready.then(() => null));
}

export class Office {
  private readonly laptops: Laptop[] = [];
  private readonly pages: Page[] = [];

  constructor(
    readonly folder: string,
    readonly district: District,
    private readonly browser: Browser,
  ) {}

  /** A new laptop, enrolled as a clerk's unless there is no name yet. */
  async laptop(person?: string): Promise<Laptop> {
    const laptop = new Laptop(join(this.folder, `laptop-${this.laptops.length}`));
    this.laptops.push(laptop);
    if (person) await laptop.enrol(this.district, person);
    return laptop;
  }

  /** A works that was saved in the terminal. */
  async works(laptop: Laptop, name: string, ...more: string[]): Promise<string> {
    const village = await laptop.find("village", "code", VILLAGE);
    return laptop.add("works", `village=${village}`, `name=${name}`, "category=sewage", ...more);
  }

  /** Sits down before `laptop`. */
  async desk(laptop: Laptop): Promise<Desk> {
    const page = await this.browser.newPage();
    this.pages.push(page);
    // A fault in the pages is a fault of the journey, even where nobody would see it.
    page.on("pageerror", (error) => expect.soft(String(error), "no script of the page may fail").toBe(""));
    await page.goto(await laptop.window());
    return new Desk(page);
  }

  /** The same, with the PIN typed. */
  async openDesk(laptop: Laptop): Promise<Desk> {
    const desk = await this.desk(laptop);
    await desk.unlock();
    await expect(desk.get("person")).toBeVisible();
    return desk;
  }

  async close(): Promise<void> {
    await Promise.all(this.pages.map((page) => page.close()));
    await Promise.all(this.laptops.map((laptop) => laptop.stop()));
    await this.district.stop();
  }
}

export const test = base.extend<{ office: Office }>({
  office: async ({ browser }, use) => {
    const folder = await mkdtemp(join(tmpdir(), "nonghuan-journey-"));
    const office = new Office(folder, await District.start(join(folder, "district")), browser);
    await use(office);
    await office.close();
    await rm(folder, { recursive: true, force: true });
  },
});
