/** A build that is too heavy, or that loads charts at the start, does not pass. */
import { expect, it } from "vitest";

import { tooHeavy, type Part } from "../weight";

const chunk = (fileName: string, more: Partial<Part> = {}): Part => ({ type: "chunk", fileName, code: "let a = 1;", imports: [], moduleIds: [], ...more });
const charts = chunk("echarts.js", { moduleIds: ["/x/node_modules/echarts/core.js"] });

it("charts and the map may be there, but not at the start, however many chunks lie between", () => {
  const lazy = [chunk("index.js", { isEntry: true, imports: ["shared.js"] }), chunk("shared.js"), charts];
  expect(tooHeavy(lazy)).toEqual([]);
  lazy[1].imports = ["echarts.js"];
  expect(tooHeavy(lazy)).toEqual(["echarts.js loads /node_modules/echarts/ at the start"]);
});

it("what is compressed counts, pages and pictures together", () => {
  const picture: Part = { type: "asset", fileName: "a.png", source: Uint8Array.from({ length: 3000 }, (_, at) => (at * at * 7919) >> 3) };
  expect(tooHeavy([chunk("index.js", { code: "a".repeat(1000) })], 100), "a thousand times the same is little").toEqual([]);
  expect(tooHeavy([chunk("index.js"), picture], 100)).toHaveLength(1);
});
