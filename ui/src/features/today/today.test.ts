import { describe, expect, it } from "vitest";

import type { Page, Query } from "@/backend";

import { laptop, shown } from "@tests/laptop";
import { standingStill } from "./useToday";

describe("works that stand still", () => {
  it("are those under way without an entry since the day, over as many pages as it takes", async () => {
    const works = Array.from({ length: 450 }, (_, at) => shown("works", {}, { id: `w${at}`, state: "building" }));
    const entries = Array.from({ length: 449 }, (_, at) => shown("progress", { works: `w${at}`, date: at < 448 ? "2025-05-02" : "2025-03-01" }, { id: `p${at}` }));
    const asked: Query[] = [];
    const page = (query: Query): Page => {
      asked.push(query);
      const of = query.kind === "works" ? works : entries;
      return { total: of.length, records: of.slice(query.offset ?? 0, (query.offset ?? 0) + (query.limit ?? 50)) };
    };
    const still = await standingStill(laptop([], [], { list: (query) => Promise.resolve({ ok: true, value: page(query) }) }), "2025-04-03");
    expect(still.map((one) => one.id)).toEqual(["w448", "w449"]);
    expect(asked.every((query) => (query.limit ?? 0) <= 200), "never everything at once").toBe(true);
  });
});
