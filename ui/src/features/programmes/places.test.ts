import { describe, expect, it } from "vitest";

import { lineOf } from "./places";

const TEXT = ['code = "x"', 'from = "2025"', "", "[[rule]]", 'name = "a"', "", "[[rule]]", 'name = "b"', "", "[[share]]", 'level = "town"', "[[share]]", 'level = "central"'].join("\n");
const at = (place: string, fields: Record<string, string> = {}) => lineOf(TEXT, { place, problem: { code: "x", fields } });

describe("a problem of a programme", () => {
  it("stands beside the line that it is about", () => {
    expect(at("rule.b")).toBe(7);
    expect(at("share[2]")).toBe(12);
    expect(at("from")).toBe(2);
    expect(at("", { line: "5" }), "what is no TOML says its line itself").toBe(5);
    expect(at("result.total"), "what is not there at all stands at the top").toBe(1);
  });
});
