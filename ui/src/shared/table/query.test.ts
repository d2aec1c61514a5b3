import { describe, expect, it } from "vitest";

import { shown } from "@tests/laptop";
import { buildQuery, nextSort, passes } from "./query";

describe("a list's query", () => {
  it("asks only for the chips that are set, and for its page", () => {
    const query = buildQuery({ kind: "works", chips: { state: "building", village: "" }, sort: "-contract_amount", page: 3 }, 100);
    expect(query).toEqual({ kind: "works", filters: { state: "building" }, sort: "-contract_amount", limit: 100, offset: 200 });
  });
  it("turns from ascending to descending to by age", () => {
    expect(nextSort(null, "name")).toBe("name");
    expect(nextSort("name", "name")).toBe("-name");
    expect(nextSort("-name", "name")).toBeNull();
    expect(nextSort("-name", "number"), "another heading starts anew").toBe("number");
  });
  it("holds found records to the same chips", () => {
    const record = shown("works", { category: "sewage" }, { state: "building", sync: "saved" });
    expect(passes(record, { category: "sewage", state: "building", sync: "saved", village: "" })).toBe(true);
    expect(passes(record, { category: "waste" })).toBe(false);
    expect(passes(record, { sync: "district" })).toBe(false);
  });
});
