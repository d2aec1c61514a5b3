/**
 * House rules of the window: arrows run views → features → shared → backend,
 * only `backend/` knows Tauri, no two features know each other, no cycles.
 */
import importX from "eslint-plugin-import-x";
import vue from "eslint-plugin-vue";
import ts from "typescript-eslint";
import { createTypeScriptImportResolver } from "eslint-import-resolver-typescript";

const tauri = {
  group: ["@tauri-apps/*"],
  message: "Only src/backend speaks to Tauri; ask the Backend that is provided.",
};
const forbid = (...patterns) => ({ "no-restricted-imports": ["error", { patterns }] });

export default ts.config(
  { ignores: ["dist", "dist-bare", "node_modules", "src/backend/types.ts"] },
  ...ts.configs.recommended,
  ...vue.configs["flat/recommended"],
  {
    files: ["**/*.{ts,js,vue}"],
    plugins: { "import-x": importX },
    languageOptions: { parserOptions: { parser: ts.parser, sourceType: "module" } },
    settings: {
      "import-x/extensions": [".ts", ".js", ".vue"],
      "import-x/parsers": { "@typescript-eslint/parser": [".ts"], "vue-eslint-parser": [".vue"] },
      "import-x/resolver-next": [createTypeScriptImportResolver({ project: "tsconfig.json" })],
    },
    rules: {
      "import-x/no-cycle": "error",
      "no-console": "error",
      eqeqeq: "error",
      "@typescript-eslint/no-explicit-any": "error",
      "vue/block-order": ["error", { order: ["script", "template", "style"] }],
      "vue/max-attributes-per-line": "off",
      "vue/singleline-html-element-content-newline": "off",
      "vue/html-self-closing": ["error", { html: { void: "always", normal: "never", component: "always" } }],
      "vue/html-indent": "off",
      "vue/multi-word-component-names": "off",
      "vue/require-default-prop": "off",
      "vue/no-bare-strings-in-template": ["error", { allowlist: [" ", "·", "→", "—", "/", "%", "*", "≥", "…", "×", "中", "EN", "Ctrl+K", "SHA-256", "-", ":"] }],
    },
  },
  { files: ["src/**/*.{ts,vue}"], ignores: ["src/backend/**"], rules: forbid(tauri) },
  {
    files: ["bare/**/*.{ts,vue}"],
    rules: forbid(tauri, { group: ["@/*", "@texts/*", "../*"], message: "The bare window has nothing of ours; that is its use." }),
  },
  {
    files: ["src/shared/**/*.{ts,vue}"],
    rules: forbid(tauri, { group: ["@/features/*", "@/views/*"], message: "shared knows no noun." }),
  },
  {
    files: ["src/features/**/*.{ts,vue}"],
    rules: forbid(tauri, {
      group: ["@/features/*", "@/views/*", "../*"],
      message: "Two nouns meet in views only.",
    }),
  },
);
