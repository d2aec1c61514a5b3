import { describe, expect, it } from "vitest";

import { field, kind, shown } from "@tests/laptop";

import { isLate, moments } from "./moments";

const contract = kind("contract", [field("name", "text"), field("due", "date"), field("signed_on", "date")], { list: ["name", "signed_on"] });
const works = shown("works", { planned_start: "2025-03-01", planned_end: "2025-05-31", actual_start: "2025-03-08" });

describe("the timeline of a works", () => {
  it("orders its dates, its moves and its records by their day, what has none last", () => {
    const signed = shown("contract", { name: "施工", due: "2026-01-01", signed_on: "2025-02-20" }, { id: "c1" });
    const draft = shown("contract", { name: "监理" }, { id: "c2" });
    const move = { seq: 1, by: "李明", device: "A", at: "2025-03-09T08:00:00+08:00", skew: null, verdict: "accepted", before: { "@state": "planned" }, after: { "@state": "building" } };
    const days = moments(works, [{ kind: contract, records: [draft, signed, signed] }], [move]).map((one) => [one.day, one.name]);
    expect(days, "a contract counts from its signing, which its list shows, and only once").toEqual([
      ["2025-05-31", "planned_end"],
      ["2025-03-09", "building"],
      ["2025-03-08", "actual_start"],
      ["2025-03-01", "planned_start"],
      ["2025-02-20", "c1"],
      [null, "c2"],
    ]);
  });
  it("calls a plan late only where nothing was done about it", () => {
    const [end, , start] = moments(works, [], []);
    expect(isLate(end, works, "2025-06-01"), "the end is over and not reached").toBe(true);
    expect(isLate(end, works, "2025-05-31"), "on the day itself there is still time").toBe(false);
    expect(isLate(start, works, "2025-06-01"), "it was begun, if later").toBe(false);
  });
});
