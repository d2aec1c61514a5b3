/** The manual under F1: a page for every page of the window, in both languages, and no link or picture that leads nowhere. */
import { existsSync, readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";

import { flushPromises } from "@vue/test-utils";
import { createMemoryHistory } from "vue-router";
import { describe, expect, it } from "vitest";

import { anchor, pageOf } from "@book/manual";
import { lookUp, openBook } from "@/features/help/book";
import HelpDrawer from "@/features/help/HelpDrawer.vue";
import { PAGES, pageFor } from "@/features/help/pages";
import { makeRouter } from "@/router";

import { laptop } from "./laptop";
import { byId, onStage } from "./stage";

const MANUAL = join(import.meta.dirname, "../../docs/manual");
const LANGUAGES = ["zh", "en"] as const;
const read = (language: string, name: string) => readFileSync(join(MANUAL, language, `${name}.md`), "utf8");

describe("the manual", () => {
  it("has every page in both languages, and no page that help does not list", () => {
    for (const language of LANGUAGES) {
      const files = readdirSync(join(MANUAL, language)).map((name) => name.replace(/\.md$/, ""));
      expect(files.sort(), language).toEqual([...PAGES].sort());
    }
  });
  it("has a page for every page of the window, and only the beginning is for whoever has none", () => {
    const router = makeRouter(async () => true, createMemoryHistory());
    const paths = router.getRoutes().map((route) => route.path.replace(/:\w+\??/g, "x")).filter((path) => !path.includes("("));
    expect(paths.length, "the pages were found at all").toBeGreaterThan(15);
    for (const path of paths) expect(pageFor(path), path).not.toBe("start");
    expect(pageFor("/sync", { at: "conflicts" })).toBe("conflicts");
    expect(pageFor("/applications/x", { step: "package" })).toBe("package");
  });
  it("leads nowhere that is not there", () => {
    for (const language of LANGUAGES) {
      for (const name of PAGES) {
        for (const [, to] of read(language, name).matchAll(/\]\(([^)]+)\)/g)) {
          const [file, heading] = to.split("#");
          expect(file === "" || existsSync(join(MANUAL, language, file)), `${language}/${name}: ${to}`).toBe(true);
          if (heading) {
            const ids = [...readFileSync(join(MANUAL, language, file || `${name}.md`), "utf8").matchAll(/^#+ (.*)$/gm)].map(([, words]) => anchor(words));
            expect(ids, `${language}/${name}: ${to}`).toContain(heading);
          }
        }
      }
    }
  });
  it("shows each of its pictures somewhere", () => {
    const all = PAGES.map((name) => read("zh", name)).join("\n");
    for (const file of readdirSync(join(MANUAL, "images"))) expect(all, `${file} is shown`).toContain(`images/${file}`);
  });
  it("makes text of what stands in a file as HTML", () => {
    expect(pageOf("# A\n\n<img src=x onerror=alert(1)>\n").html).not.toContain("<img");
  });
});

describe("help", () => {
  it("finds words in headings before words in the text, and says where", async () => {
    const book = await openBook("zh");
    const found = lookUp(book, "冲突");
    expect(found[0].heading).toContain("冲突");
    expect(lookUp(book, "二维码 手机").every((one) => one.around.length > 0)).toBe(true);
    expect(lookUp(book, "  ")).toEqual([]);
    expect(lookUp(book, "没有这样的词语")).toEqual([]);
  });
  it("opens at the page's own, follows links, and finds", async () => {
    const drawer = await onStage(HelpDrawer, laptop([]), { page: "sync" });
    const shown = () => byId(drawer, "help-page").attributes("data-page");
    await expect.poll(shown).toBe("sync");
    await drawer.find('a[href="stick.md"]').trigger("click");
    await flushPromises();
    expect(shown()).toBe("stick");
    await drawer.setProps({ page: "funds" });
    await flushPromises();
    expect(shown(), "it follows the person to another page").toBe("funds");
    await byId(drawer, "help-search").setValue("恢复密钥");
    await flushPromises();
    await byId(drawer, "help-found").find("button").trigger("click");
    await flushPromises();
    expect(["start", "backup"]).toContain(shown());
    drawer.unmount();
  });
});
