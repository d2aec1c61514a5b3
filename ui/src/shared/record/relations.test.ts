import { describe, expect, it } from "vitest";

import { field, kind, shown } from "@tests/laptop";

import { beginning, dayOf, relationsTo } from "./relations";

const works = kind("works", [field("name", "text"), field("village", "reference", { to: "village" }), field("into", "reference", { to: "works", hidden: true })]);
const facility = kind("facility", [field("name", "text"), field("village", "reference", { to: "village" }), field("works", "reference", { to: "works" })]);
const notice = kind("notice", [field("name", "text"), field("about", "references", { to: "works" })]);
const kinds = [works, facility, notice, kind("village", [field("name", "text")])];

describe("what hangs on a record", () => {
  it("is every kind that points to it, and not the record's own kind", () => {
    expect(relationsTo(kinds, "works").map((one) => [one.kind.kind, one.field.name])).toEqual([["facility", "works"], ["notice", "about"]]);
    expect(relationsTo(kinds, "works", ["notice"])).toHaveLength(1);
  });
  it("begins with what it hangs on, and where that stands", () => {
    const [relation] = relationsTo(kinds, "works");
    expect(beginning(relation, works, shown("works", { name: "管网", village: "v1" }, { id: "w1" })), "the village goes along, the name does not").toEqual({ works: "w1", village: "v1" });
  });
  it("has the day that its list shows, before any other date of its form", () => {
    const contract = kind("contract", [field("due", "date"), field("signed_on", "date")], { list: ["signed_on"] });
    expect(dayOf(contract, shown("contract", { due: "2026-01-01", signed_on: "2025-02-20" }))).toBe("2025-02-20");
    expect(dayOf(contract, shown("contract", { due: "2026-01-01" }))).toBe("2026-01-01");
    expect(dayOf(contract, shown("contract", {}))).toBeNull();
  });
});
