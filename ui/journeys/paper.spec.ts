/** What is printed, on a sheet of A4: nothing lies beyond its edge, nothing is cut off where the screen would scroll. */
import { mkdirSync } from "node:fs";
import { join } from "node:path";

import { expect, rest, test, type Desk } from "./office";
import { RESULTS } from "./surroundings";
import { furnish, type Township } from "./township";

/** The width between the margins of `print.css`, in CSS pixels: 186 and 273 mm. */
const UPRIGHT = { width: 703, height: 1009 };
const ACROSS = { width: 1032, height: 680 };

interface Sheet {
  name: string;
  at: (township: Township) => string;
  tab?: string;
  size: { width: number; height: number };
  /** A word that must be on it. */
  says: string;
}

const SHEETS: Sheet[] = [
  { name: "works", at: () => "/works", size: ACROSS, says: "共 13 项" },
  { name: "a works", at: ({ works }) => `/works/${works}`, tab: "tab-overview", size: UPRIGHT, says: "清淤 1.6 km" },
  { name: "application", at: ({ application }) => `/applications/${application}`, tab: "step-project", size: UPRIGHT, says: "盐东镇人民政府" },
  { name: "estimate", at: ({ application }) => `/applications/${application}`, tab: "step-estimate", size: UPRIGHT, says: "黑臭水体整治施工合同" },
  { name: "targets", at: ({ application }) => `/applications/${application}`, tab: "step-targets", size: UPRIGHT, says: "完成整治行政村" },
  { name: "check", at: ({ application }) => `/applications/${application}`, tab: "step-check", size: UPRIGHT, says: "国办发〔2009〕11号" },
  { name: "month", at: () => "/month", size: ACROSS, says: "月调度" },
  { name: "funds", at: () => "/funds", tab: "tab-overview", size: UPRIGHT, says: "资金：概览" },
  { name: "funds ledger", at: () => "/funds", tab: "tab-ledger", size: UPRIGHT, says: "资金：台账" },
  { name: "village", at: ({ village }) => `/villages/${village}`, tab: "tab-indicators", size: UPRIGHT, says: "生活污水治理率" },
  { name: "village file", at: ({ village }) => `/villages/${village}`, tab: "tab-dossier", size: UPRIGHT, says: "整治前照片" },
];

/** What cannot be read in whole, with letters as large as they are on paper. */
async function cut(desk: Desk): Promise<string[]> {
  return desk.page.evaluate(() => {
    const page = document.documentElement;
    const beyond = page.scrollWidth > page.clientWidth ? [`the page is ${page.scrollWidth - page.clientWidth} px wider than the sheet`] : [];
    const seen = [...document.querySelectorAll<HTMLElement>("main td, main td *, main th, main .value, main .name")].filter((one) => one.checkVisibility());
    const narrow = seen.filter((one) => one.scrollWidth > one.clientWidth + 1 && getComputedStyle(one).display !== "inline");
    return [...beyond, ...narrow.map((one) => `cut: ${one.innerText}`)];
  });
}

test("what is printed lies whole on its sheets", async ({ office }) => {
  test.setTimeout(300_000);
  const township = await furnish(office);
  const desk = await office.openDesk(township.laptop);
  await desk.page.evaluate(() => (window.print = () => undefined));
  mkdirSync(join(RESULTS, "paper"), { recursive: true });
  const found: Record<string, string[]> = {};
  for (const { name, at, tab, size, says } of SHEETS) {
    await desk.page.evaluate((hash) => (location.hash = hash), at(township));
    await expect(desk.page.locator(`main[data-at^="${at(township)}"]`)).toBeVisible();
    await rest(desk);
    if (tab) await desk.seen(tab).click();
    await rest(desk);
    await desk.get("print").click();
    await rest(desk);
    await desk.page.emulateMedia({ media: "print", reducedMotion: "reduce" });
    const screen = desk.page.viewportSize()!;
    await desk.page.setViewportSize(size);
    await expect(desk.page.locator("body"), name).toContainText(says, { useInnerText: true });
    const lines = await cut(desk);
    if (lines.length > 0) found[name] = lines;
    await desk.page.pdf({ path: join(RESULTS, "paper", `${name.replaceAll(" ", "-")}.pdf`), preferCSSPageSize: true });
    await desk.page.emulateMedia({ media: "screen", reducedMotion: "reduce" });
    await desk.page.setViewportSize(screen);
    await desk.page.evaluate(() => window.dispatchEvent(new Event("afterprint")));
  }
  expect(found).toEqual({});
});
