import { describe, expect, it } from "vitest";

import type { MonthRow } from "@/backend";

import { lacking, monthAfter, saying } from "./months";

const row = (more: Partial<MonthRow>): MonthRow => ({ status: "underWay", stage: "管网铺设", reason: "资金未到", effect: "达标排放", missing: [], ...more }) as MonthRow;

describe("months", () => {
  it.each([
    ["2025-01", -1, "2024-12"],
    ["2024-12", 1, "2025-01"],
    ["2025-06", -18, "2023-12"],
  ])("%s and %i months is %s", (month, by, other) => expect(monthAfter(month, by)).toBe(other));
});

describe("a row of the report", () => {
  it("says what its status asks for", () => {
    expect((["notBegun", "underWay", "built", "stopped"] as const).map((status) => saying(row({ status })))).toEqual(["资金未到", "管网铺设", "达标排放", "资金未到"]);
  });
  it("names what is lacking once, and counts the rows, not the gaps", () => {
    const rows = [row({ missing: ["entry", "stage"] }), row({ missing: ["entry"] }), row({})];
    expect(lacking(rows)).toEqual({ rows: 2, what: ["entry", "stage"] });
  });
});
