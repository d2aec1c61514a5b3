/** House rules of the window: words live in texts files, complete in both languages; only the door knows Tauri. */
import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";

import { describe, expect, it } from "vitest";

import { messages } from "@/i18n";
import { toErrorView } from "@/backend/tauri";

const SRC = join(import.meta.dirname, "../src");
const files = readdirSync(SRC, { recursive: true, encoding: "utf8" }).filter((path) => /\.(vue|ts)$/.test(path) && !path.endsWith(".test.ts"));
const read = (path: string) => readFileSync(join(SRC, path), "utf8");
/** Comments may quote Chinese; code and templates may not. */
const withoutComments = (text: string) => text.replace(/\/\*[\s\S]*?\*\/|<!--[\s\S]*?-->|(^|[^:])\/\/.*$/gm, "$1");

const all = messages();
const keys = (language: "zh" | "en") =>
  Object.entries(all[language])
    .flatMap(([room, texts]) => Object.keys(texts).map((key) => `${room}.${key}`))
    .sort();
const blanks = (text: string) => [...text.matchAll(/\{(\w+)\}/g)].map((found) => found[1]).sort();

describe("the words", () => {
  it("are complete in both languages", () => {
    expect(keys("en")).toEqual(keys("zh"));
    expect(keys("zh").length, "the texts were found at all").toBeGreaterThan(200);
  });
  it("have the same blanks in both languages, and no Chinese in the English ones", () => {
    for (const [room, texts] of Object.entries(all.zh)) {
      for (const [key, zh] of Object.entries(texts)) {
        const en = all.en[room][key];
        // English has a form for one and a form for many.
        for (const form of en.split(" | ")) expect(blanks(form), `${room}.${key}`).toEqual(blanks(zh));
        // 元 and 万元 stand in examples of what may be typed.
        expect(en.replace(/1\d[\d.]*(万元|万|元)/g, ""), `${room}.${key}`).not.toMatch(/\p{Script=Han}/u);
      }
    }
  });
  it("exist for every key that the code names", () => {
    const known = new Set(keys("zh"));
    const rooms = new Set(Object.keys(all.zh));
    for (const path of files) {
      for (const [, key] of read(path).matchAll(/["'`]([a-z]+\.[A-Za-z_]\w*)["'`]/g)) {
        if (rooms.has(key.split(".")[0])) expect(known.has(key), `${path} names ${key}`).toBe(true);
      }
    }
  });
  it("are all used", () => {
    const code = files.filter((path) => !path.endsWith("texts.ts")).map(read).join("\n");
    const named = new Set([...code.matchAll(/["'`](\w+)["'`]/g)].map(([, word]) => word));
    const unused = keys("zh").filter((key) => {
      const [room, name] = key.split(".");
      const stem = name.includes("_") ? `${room}.${name.split("_")[0]}_\${` : "";
      return !code.includes(key) && !(stem && code.includes(stem)) && !(named.has(name) && code.includes(`${room}.\${`));
    });
    expect(unused).toEqual([]);
  });
  it("stand in texts files only", () => {
    // What money, dates and types of records are read from is grammar, not words.
    const grammar = ["shared/format/date.ts", "shared/format/money.ts", "shared/format/yesNo.ts", "views/LanguageSwitch.vue"];
    for (const path of files.filter((one) => !one.endsWith("texts.ts") && !grammar.includes(one.replaceAll("\\", "/")))) {
      expect(withoutComments(read(path)), path).not.toMatch(/\p{Script=Han}/u);
    }
  });
});

describe("the arrows", () => {
  it("leave Tauri to the door", () => {
    for (const path of files.filter((one) => read(one).includes("@tauri-apps"))) {
      expect(path.replaceAll("\\", "/"), "only the door speaks to Tauri").toBe("backend/tauri.ts");
    }
  });
  it("let nobody take from the network", () => {
    for (const path of files.filter((one) => !one.endsWith("types.ts"))) expect(read(path), path).not.toMatch(/https?:\/\//);
  });
});

describe("the window's own storage", () => {
  it("holds settings of the screen only, since it is not encrypted", () => {
    const settings = ["i18n.ts", "shared/kept.ts"];
    const named = files.filter((path) => /(local|session)Storage|indexedDB/.test(withoutComments(read(path))));
    expect(named.map((path) => path.replaceAll("\\", "/")).sort()).toEqual(settings);
  });
});

describe("the door", () => {
  it("makes a code of whatever a command rejects with", () => {
    expect(toErrorView({ code: "locked", fields: { field: "name" } })).toEqual({ code: "locked", fields: { field: "name" } });
    expect(toErrorView({ code: "wrongPin" })).toEqual({ code: "wrongPin", fields: {} });
    expect(toErrorView("panicked")).toEqual({ code: "internal", fields: { reason: "panicked" } });
  });
});
