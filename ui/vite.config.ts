/**
 * How the window is built and tested. The window is served from the program
 * itself, so every path is relative and nothing comes from the network.
 */
import { fileURLToPath, URL } from "node:url";

import vue from "@vitejs/plugin-vue";
import elementPlus from "unplugin-element-plus/vite";
import { defineConfig } from "vitest/config";

import { manual } from "./book/manual";
import { weight } from "./weight";

const here = (path: string) => fileURLToPath(new URL(path, import.meta.url));

export default defineConfig({
  base: "./",
  plugins: [vue(), elementPlus({}), manual(), weight()],
  resolve: {
    alias: {
      "@": here("./src"),
      // The sentences of refusals are the app's; window and terminal say the same.
      "@tests": here("./tests"),
      "@book": here("./book"),
      "@texts": here("../crates/app/texts"),
      // One manual: on paper, on the web, under F1.
      "@manual": here("../docs/manual"),
    },
  },
  define: {
    __VUE_OPTIONS_API__: true, // Element Plus still has components that need it.
    __VUE_PROD_DEVTOOLS__: false,
    __VUE_I18N_LEGACY_API__: false,
  },
  build: {
    target: ["chrome111", "safari16.4"], // WebView2 and WebKitGTK of the supported systems.
    chunkSizeWarningLimit: 900,
  },
  server: { port: 1420, strictPort: true, fs: { allow: [".."] } },
  clearScreen: false,
  test: {
    environment: "jsdom",
    include: ["src/**/*.test.ts", "tests/**/*.test.ts"],
    setupFiles: ["tests/setup.ts"],
    server: { deps: { inline: ["element-plus"] } },
  },
});
