import { describe, expect, it, vi } from "vitest";

import { laptop, shown } from "@tests/laptop";
import { onStage } from "@tests/stage";
import TodayFigures from "./TodayFigures.vue";

describe("works that stand still", () => {
  it("are counted by the laptop, and the first of them lead to their pages", async () => {
    const works = shown("works", { name: "停工的管网" }, { id: "w1", state: "building" });
    const backend = laptop([]);
    const asked = vi.spyOn(backend, "standingStill").mockResolvedValue({ ok: true, value: { total: 21, records: [works] } });
    const figures = await onStage(TodayFigures, backend, { works: undefined });
    expect(asked).toHaveBeenCalledWith(30, 20);
    expect(figures.text()).toContain("21 项");
    expect(figures.text(), "what is not named is said to be there").toContain("还有 20 项");
    await figures.find("li a").trigger("click");
    expect(figures.emitted("works")).toEqual([[works]]);
  });
});
