import { describe, expect, it } from "vitest";

import { shown } from "@tests/laptop";
import { points } from "./chart";

const entry = (id: string, date: string, percent: number) => shown("progress", { date, percent }, { id });

describe("the progress chart", () => {
  it("places entries by their day, not by their number", () => {
    const drawn = points([entry("b", "2025-01-31", 100), entry("a", "2025-01-01", 0), entry("c", "2025-01-11", 50)], 300, 100);
    expect(drawn.map((point) => [point.date, point.x, point.y])).toEqual([
      ["2025-01-01", 0, 100],
      ["2025-01-11", 100, 50],
      ["2025-01-31", 300, 0],
    ]);
  });
  it("draws nothing of nothing, and one day as one point", () => {
    expect(points([], 300, 100)).toEqual([]);
    expect(points([entry("a", "2025-01-01", 30)], 300, 100)).toHaveLength(1);
  });
});
