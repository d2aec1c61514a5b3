/**
 * Every screen, in both languages and both themes: axe finds nothing on it, no
 * page and no form is wider than its window, with letters at 125 and 150 % either,
 * and pictures of it are kept for people to look at.
 */
import { mkdirSync, readFileSync } from "node:fs";
import { createRequire } from "node:module";
import { join } from "node:path";

import type { AxeResults, RunOptions } from "axe-core";

import { expect, rest, test, type Desk } from "./office";
import { PIN } from "./programs";
import { NOTEBOOK, RESULTS, sample } from "./surroundings";
import { furnish, type Township } from "./township";

const AXE = readFileSync(createRequire(import.meta.url).resolve("axe-core/axe.min.js"), "utf8");
/** WCAG 2.2 AA, and what axe's authors hold for good practice. */
const RULES: RunOptions = { runOnly: ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"], resultTypes: ["violations"] };
/** The same page in other colours can be at fault in its colours alone. */
const COLOURS: RunOptions = { runOnly: { type: "rule", values: ["color-contrast", "link-in-text-block"] }, resultTypes: ["violations"] };
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
  ...tabs("village", ({ village }) => `/villages/${village}`, ["tab-indicators", "tab-figures", "tab-money", "tab-photos", "tab-related", "tab-dossier"]),
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
  { name: "move dialog", at: ({ works }) => `/works/${works}?at=move`, act: (desk) => desk.page.locator("[data-testid^=move-]").first().click() },
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
  { name: "programme text", act: click("tab-text") },
  { name: "ledgers", at: () => "/ledger" },
  { name: "a ledger", at: () => "/ledger/contract" },
  { name: "import", at: () => "/import/works" },
  { name: "import checked", act: async (desk) => {
    await desk.get("import-file").setInputFiles(sample("works-盐东镇.xlsx"));
    await expect(desk.get("import-confirm")).toBeVisible();
  } },
  { name: "import columns", act: click("columns-unfold") },
  { name: "a new record", at: () => "/new/contract" },
  { name: "a record", at: ({ contract }) => `/records/${contract}` },
  { name: "month", at: () => "/month" },
  { name: "duplicates", at: () => "/duplicates" },
  { name: "findings", at: () => "/findings" },
  { name: "map", at: () => "/map" },
  { name: "verify", at: () => "/verify" },
  { name: "update", at: () => "/update" },
  ...tabs("sync", () => "/sync", ["line-waiting", "line-files", "line-arrived", "line-sticks", "line-log"]),
  { name: "sync refused", act: click("line-refused") },
  { name: "sync refused mended", act: click("mend") },
  { name: "sync conflicts", act: click("line-conflicts") },
  { name: "sync conflict decided", act: click("take-parked") },
];

/** How the system shows the smallest laptop's screen to whoever wants larger letters, by their size in percent. */
const LARGER = [125, 150].map((percent) => ({ way: `${percent}`, size: { width: Math.round((NOTEBOOK.width * 100) / percent), height: Math.round((NOTEBOOK.height * 100) / percent) } }));

/** By how much the page, or what is typed into line by line, is wider than its room. */
async function tooWide(desk: Desk): Promise<string[]> {
  return desk.page.evaluate(() => {
    const rooms = [document.documentElement, ...document.querySelectorAll<HTMLElement>("[data-testid^=children-]")];
    const wide = rooms.map((one) => [one.dataset.testid ?? "the page", one.scrollWidth - one.clientWidth] as const);
    return wide.filter(([, by]) => by > 0).map(([what, by]) => `${what} is ${by} px wider than its room`);
  });
}

/** What axe finds, in one line each. */
async function faults(desk: Desk, rules: RunOptions): Promise<string[]> {
  if (!(await desk.page.evaluate(() => "axe" in window))) await desk.page.evaluate(AXE);
  const found = await desk.page.evaluate(
    (rules) => (window as unknown as { axe: { run(of: Document, rules: RunOptions): Promise<AxeResults> } }).axe.run(document, rules),
    rules,
  );
  return found.violations.flatMap((one) => one.nodes.map((node) => `${one.id}: ${node.target.join(" ")} ${node.any[0]?.message ?? one.help} ${node.html.slice(0, 120)}`));
}

for (const language of ["zh", "en"] as const) {
  test(`axe finds nothing on any screen: ${language}`, async ({ office }) => {
    test.setTimeout(600_000);
    const found: Record<string, string[]> = {};
    const look = async (desk: Desk, name: string) => {
      await rest(desk);
      const seenAs = async (way: string, ask: () => Promise<string[]>) => {
        const folder = join(RESULTS, "screens", `${language}-${way}`);
        mkdirSync(folder, { recursive: true });
        // Between the two sizes beside it; one language shows what there is to see.
        if (way !== "125" || language === "zh") await desk.page.screenshot({ path: join(folder, `${name.replaceAll(" ", "-")}.png`) });
        const lines = await ask();
        if (lines.length > 0) found[`${name}, ${way}`] = lines;
      };
      await seenAs("light", async () => [...(await faults(desk, RULES)), ...(await tooWide(desk))]);
      await desk.page.emulateMedia({ colorScheme: "dark", reducedMotion: "reduce" });
      await expect(desk.page.locator("html"), "the page follows the system").toHaveClass(/\bdark\b/);
      await rest(desk);
      await seenAs("dark", () => faults(desk, COLOURS));
      await desk.page.emulateMedia({ colorScheme: "light", reducedMotion: "reduce" });
      await expect(desk.page.locator("html")).not.toHaveClass(/\bdark\b/);
      for (const { way, size } of LARGER) {
        await desk.page.setViewportSize(size);
        await rest(desk);
        await seenAs(way, () => tooWide(desk));
      }
      await desk.page.setViewportSize(NOTEBOOK);
    };
    const dressed = (desk: Desk) => desk.get(`language-${language}`).click();

    const fresh = await office.desk(await office.laptop());
    await dressed(fresh);
    await look(fresh, "enrol");
    await fresh.get("way-stick").click();
    await look(fresh, "enrol by stick");
    await fresh.get("way-line").click();
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
        const at = address.split("?")[0];
        seen.add(at);
        await desk.page.evaluate((hash) => (location.hash = hash), address);
        await expect(desk.page.locator(`main[data-at^="${at}"]`), "the page is there, and not the one before it").toBeVisible();
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
