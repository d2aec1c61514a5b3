import { describe, expect, it } from "vitest";

import { field, kind } from "@tests/laptop";
import { buildQuery, chipsAtFirst, columnsAtFirst, columnsOf, nextSort, summed } from "./query";

const state = (name: string) => ({ name, label: { zh: name, en: name }, from: [], needs: [], locks: [], roles: [], aside: false });
const works = kind(
  "works",
  [
    field("name", "text"),
    field("category", "choice"),
    field("village", "reference", { to: "village" }),
    field("contract_amount", "money"),
    field("households", "integer", { unit: "户" }),
    field("year", "integer"),
    field("note", "text", { long: true }),
    field("photos", "attachments"),
  ],
  { state: [state("planned")] as never, list: ["name", "category", "village", "contract_amount"] },
);

describe("a list's query", () => {
  it("asks only for the chips that are set, for what its place has settled, and for the words", () => {
    const list = { kind: "works", chips: { state: "building", village: "" }, words: " 管网 ", sort: "-contract_amount" };
    expect(buildQuery(list, { village: "v1" })).toEqual({ kind: "works", filters: { state: "building", village: "v1" }, find: "管网", sort: "-contract_amount", limit: null, offset: null });
    expect("find" in buildQuery({ ...list, words: "" }), "no words, no search").toBe(false);
  });
  it("turns from ascending to descending to by age", () => {
    expect(nextSort(null, "name")).toBe("name");
    expect(nextSort("name", "name")).toBe("-name");
    expect(nextSort("-name", "name")).toBeNull();
    expect(nextSort("-name", "number"), "another heading starts anew").toBe("number");
  });
});

describe("a list's columns", () => {
  it("are the kind's own and the state until the person chooses, and forget what the catalog has no longer", () => {
    expect(columnsAtFirst(works)).toEqual(["name", "category", "village", "contract_amount", "@state"]);
    expect(columnsOf(works, ["note", "gone", "name"]).map((one) => one.name)).toEqual(["note", "name"]);
  });
  it("offer an order only where the laptop keeps one, and a sum only of amounts of something", () => {
    const columns = columnsOf(works, ["contract_amount", "households", "year", "note"]);
    expect(columns.map((one) => one.sortable), "only what lists show at first is ordered without reading every record").toEqual([true, false, false, false]);
    expect(summed(columns), "years are not added up").toEqual(["contract_amount", "households"]);
  });
  it("have chips for what has few values, the state and the sync", () => {
    expect(chipsAtFirst(works)).toEqual(["category", "village", "state", "sync"]);
  });
});
