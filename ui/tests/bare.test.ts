/** The bare window is a fair measure: it starts with nothing that our own first screen does not start with. */
import { existsSync, readFileSync } from "node:fs";
import { join } from "node:path";

import { expect, it } from "vitest";

const UI = join(import.meta.dirname, "..");

/** What `entry` loads before it paints, lazy imports aside: `vue-i18n`, `element-plus ElInput`, … */
function startsWith(entry: string): Set<string> {
  const found = new Set<string>();
  const read = new Set<string>();
  const visit = (file: string) => {
    if (read.has(file)) return;
    read.add(file);
    const text = readFileSync(file, "utf8");
    for (const [, kind, names, from] of text.matchAll(/^(?:import|export) (type )?(?:([^;"]*?) from )?"([^"]+)";/gm)) {
      if (kind) continue;
      const path = from.startsWith("@/") ? join(UI, "src", from.slice(2)) : join(file, "..", from);
      const own = from.startsWith("@/") || from.startsWith(".");
      const next = own && [path, `${path}.ts`, join(path, "index.ts")].find((one) => /\.(ts|vue)$/.test(one) && existsSync(one));
      if (next) visit(next);
      else if (from === "element-plus") for (const [name] of names.matchAll(/\bEl\w+/g)) found.add(`${from} ${name}`);
      else if (!own) found.add(from);
    }
  };
  visit(join(UI, entry));
  return found;
}

it("the bare window loads no library and no component that our first screen could do without", () => {
  const ours = startsWith("src/main.ts");
  const bare = [...startsWith("bare/main.ts")];
  expect(bare.length, "the imports were found at all").toBeGreaterThan(10);
  expect(bare.filter((one) => !ours.has(one))).toEqual([]);
});
