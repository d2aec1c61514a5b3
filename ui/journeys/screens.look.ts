/**
 * Every screen, in both languages and both themes: axe finds nothing on it, no
 * line runs out of the window, and a picture of it is kept for people to look at.
 */
import { mkdirSync, readFileSync } from "node:fs";
import { createRequire } from "node:module";
import { join } from "node:path";

import type { AxeResults, RunOptions } from "axe-core";

import { expect, rest, test, type Desk } from "./office";
import { PIN } from "./programs";
import { RESULTS, sample } from "./surroundings";
import { furnish, type Township } from "./township";

const AXE = readFileSync(createRequire(import.meta.url).resolve("axe-core/axe.min.js"), "utf8");
/** WCAG 2.2 AA, and what axe's authors hold for good practice. */
const RULES: RunOptions = { runOnly: ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"], resultTypes: ["violations"] };
const routes = [...readFileSync(join(import.meta.dirname, "../src/router.ts"), "utf8").matchAll(/path: "([^"]+)"/g)].map(([, path]) => path).filter((path) => !path.includes(":rest"));

interface Screen {
  name: string;
  /** The address below `#`; without one the screen before it stays. */
  at?: (township: Township) => string;
  /** What is done there before it is looked at. */
  act?: (desk: Desk) => Promise<void>;
}

const click = (name: string) => (desk: Desk) => desk.seen(name).click();
const tabs = (place: string, at: (township: Township) => string, names: string[]): Screen[] =>
  names.map((name, index) => ({ name: `${place} ${name}`, at: index === 0 ? at : undefined, act: click(name) }));
const shutDialog = async (desk: Desk) => {
  await desk.page.keyboard.press("Escape");
  await expect(desk.page.locator(".el-dialog:visible")).toHaveCount(0);
};

const SCREENS: Screen[] = [
  { name: "today", at: () => "/" },
  { name: "search", act: async (desk) => {
    await desk.page.keyboard.press("Control+k");
    await desk.page.keyboard.type("黑臭");
    await expect(desk.page.getByRole("option").first()).toBeVisible();
  } },
  { name: "display", act: click("display") },
  { name: "help", at: () => "/villages", act: click("open-help") },
  { name: "help contents", act: click("help-contents") },
  { name: "villages", at: () => "/villages?" },
  ...tabs("village", ({ village }) => `/villages/${village}`, ["tab-indicators", "tab-figures", "tab-money", "tab-related", "tab-dossier"]),
  { name: "works", at: () => "/works" },
  { name: "works quick look", at: () => "/works", act: async (desk) => {
    await desk.page.locator("[data-testid^=row-]").first().click();
    await desk.get("look").click();
  } },
  { name: "works export", act: click("export") },
  { name: "works columns", at: () => "/works", act: click("columns") },
  { name: "works new", at: () => "/works/new" },
  { name: "works wrong input", act: async (desk) => {
    await desk.fill("contract_amount", "abc");
    await desk.get("save").click();
    await expect(desk.get("error-contract_amount")).toBeVisible();
    await desk.fill("contract_amount", "");
  } },
  ...tabs("a works", ({ works }) => `/works/${works}`, ["tab-overview", "tab-progress", "tab-photos", "tab-timeline", "tab-related", "tab-history"]),
  { name: "progress dialog", at: ({ works }) => `/works/${works}`, act: async (desk) => {
    await desk.get("tab-progress").click();
    await desk.get("new-progress").click();
  } },
  { name: "phone dialog", at: ({ works }) => `/works/${works}?`, act: async (desk) => {
    await desk.get("tab-photos").click();
    await desk.get("phone").click();
    await expect(desk.get("phone-url")).toBeVisible();
  } },
  { name: "applications", at: () => "/applications" },
  { name: "verify dialog", act: click("verify-open") },
  { name: "application new", at: () => "/applications/new" },
  ...tabs("application", ({ application }) => `/applications/${application}`, ["step-project", "step-works", "step-estimate", "step-money", "step-targets", "step-plan", "step-documents", "step-remarks", "step-check", "step-package", "step-running"]),
  { name: "application preview", act: async (desk) => {
    await desk.get("step-package").click();
    await desk.get("preview-open").click();
    await expect(desk.get("preview").locator("img"), "a page is typeset anew").toBeVisible({ timeout: 120_000 });
  } },
  ...tabs("funds", () => "/funds", ["tab-overview", "tab-ledger", "tab-balances", "tab-due"]),
  { name: "programmes", at: () => "/programmes" },
  { name: "ledgers", at: () => "/ledger" },
  { name: "a ledger", at: () => "/ledger/contract" },
  { name: "import", at: () => "/import/works" },
  { name: "import checked", act: async (desk) => {
    await desk.get("import-file").setInputFiles(sample("works-盐东镇.xlsx"));
    await expect(desk.get("import-confirm")).toBeVisible();
  } },
  { name: "a new record", at: () => "/new/contract" },
  { name: "a record", at: ({ contract }) => `/records/${contract}` },
  { name: "month", at: () => "/month" },
  { name: "duplicates", at: () => "/duplicates" },
  { name: "findings", at: () => "/findings" },
  { name: "map", at: () => "/map" },
  { name: "verify", at: () => "/verify" },
  { name: "update", at: () => "/update" },
  ...tabs("sync", () => "/sync", ["line-waiting", "line-files", "line-arrived", "line-refused", "line-conflicts", "line-sticks", "line-log"]),
];

/** What axe finds, in one line each, and whether the page is wider than its window. */
async function faults(desk: Desk): Promise<string[]> {
  if (!(await desk.page.evaluate(() => "axe" in window))) await desk.page.evaluate(AXE);
  const found = await desk.page.evaluate(
    (rules) => (window as unknown as { axe: { run(of: Document, rules: RunOptions): Promise<AxeResults> } }).axe.run(document, rules),
    RULES,
  );
  const lines = found.violations.flatMap((one) => one.nodes.map((node) => `${one.id}: ${node.target.join(" ")} ${node.any[0]?.message ?? one.help} ${node.html.slice(0, 120)}`));
  const wide = await desk.page.evaluate(() => document.documentElement.scrollWidth - window.innerWidth);
  return wide > 0 ? [...lines, `the page is ${wide} px wider than its window`] : lines;
}

for (const language of ["zh", "en"] as const) {
  for (const theme of ["light", "dark"] as const) {
    test(`axe finds nothing on any screen: ${language}, ${theme}`, async ({ office }) => {
      test.setTimeout(300_000);
      const pictures = join(RESULTS, "screens", `${language}-${theme}`);
      mkdirSync(pictures, { recursive: true });
      const found: Record<string, string[]> = {};
      const look = async (desk: Desk, name: string) => {
        await rest(desk);
        await desk.page.screenshot({ path: join(pictures, `${name.replaceAll(" ", "-")}.png`) });
        const lines = await faults(desk);
        if (lines.length > 0) found[name] = lines;
      };
      const dressed = async (desk: Desk) => {
        await desk.page.emulateMedia({ colorScheme: theme, reducedMotion: "reduce" });
        await desk.get(`language-${language}`).click();
      };

      const fresh = await office.desk(await office.laptop());
      await dressed(fresh);
      await look(fresh, "enrol");
      await fresh.get("enrol-code").fill(await office.district.code());
      await fresh.get("enrol-name").fill("李明");
      await fresh.get("pin").fill(PIN);
      await fresh.get("pin-again").fill(PIN);
      await fresh.get("enrol").click();
      await expect(fresh.get("recovery-key")).toBeVisible();
      await look(fresh, "recovery key");
      await fresh.page.close();

      const township = await furnish(office);
      const desk = await office.desk(township.laptop);
      await dressed(desk);
      await look(desk, "unlock");
      await desk.unlock("000000");
      await expect(desk.get("refusal")).toBeVisible();
      await look(desk, "wrong pin");
      await desk.get("forgotten").click();
      await look(desk, "forgotten pin");
      await desk.get("forgotten").click();
      await expect(desk.get("pin"), "a wrong PIN has to wait").toBeEnabled();
      await desk.unlock();
      await expect(desk.get("person")).toBeVisible();

      const seen = new Set<string>();
      for (const screen of SCREENS) {
        if (screen.at) {
          await shutDialog(desk);
          const address = screen.at(township);
          seen.add(address.split("?")[0]);
          await desk.page.evaluate((hash) => (location.hash = hash), address);
        }
        await rest(desk);
        await screen.act?.(desk);
        await look(desk, screen.name);
      }
      expect(found).toEqual({});

      const unseen = routes.filter((route) => {
        const like = new RegExp(`^${route.replace(/\/:\w+\?/g, "(/[^/]+)?").replace(/:\w+/g, "[^/]+")}$`);
        return ![...seen].some((address) => like.test(address));
      });
      expect(unseen, "a new page is looked at here too").toEqual([]);
    });
  }
}
