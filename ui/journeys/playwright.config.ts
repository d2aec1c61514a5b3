/**
 * The journeys: a person's whole way through the pages, in a plain browser over
 * the real program, its real laptop and a real district. `cargo xtask test` runs
 * them and names where the programs and the browser are.
 */
import { join } from "node:path";

import { defineConfig } from "@playwright/test";

import { NOTEBOOK, RESULTS } from "./surroundings";

export default defineConfig({
  testDir: ".",
  // With a laptop of 100,000 works it is measured.
  testMatch: process.env.NONGHUAN_ROWS ? "*.bench.ts" : "*.spec.ts",
  outputDir: join(RESULTS, "failed"),
  fullyParallel: true,
  workers: 2,
  // What fails once has failed.
  retries: 0,
  forbidOnly: true,
  // Another build may be at work on the same machine.
  timeout: 120_000,
  expect: { timeout: 30_000 },
  reporter: [["list"]],
  use: {
    viewport: NOTEBOOK,
    locale: "zh-CN",
    timezoneId: "Asia/Shanghai",
    reducedMotion: "reduce",
    actionTimeout: 30_000,
    screenshot: "only-on-failure",
    trace: "retain-on-failure",
    launchOptions: {
      executablePath: process.env.NONGHUAN_BROWSER,
      args: ["--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run", "--disable-background-networking", "--disable-component-update", "--disable-sync"],
    },
  },
});
