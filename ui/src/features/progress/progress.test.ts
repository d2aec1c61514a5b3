import { flushPromises } from "@vue/test-utils";
import { describe, expect, it, vi } from "vitest";

import { field, kind, laptop, shown } from "@tests/laptop";
import { byId, onStage } from "@tests/stage";
import { replaced } from "./corrections";
import ProgressTab from "./ProgressTab.vue";

const fields = [field("works", "reference", { to: "works" }), field("date", "date"), field("percent", "integer"), field("corrects", "reference", { to: "progress" }), field("correction_reason", "text"), field("photos", "attachments")];
const progress = kind("progress", fields, { append_only: true });
const works = shown("works", { name: "管网" }, { id: "w1" });
const entry = (id: string, percent: number, corrects?: string) => shown("progress", { works: "w1", date: "2026-05-12", percent, ...(corrects ? { corrects } : {}) }, { id });

describe("the progress of a works", () => {
  it("lets nobody edit an entry, and corrects it by a new one that names it", async () => {
    const backend = laptop([progress], [entry("p1", 90)]);
    const [add, set] = [vi.spyOn(backend, "add"), vi.spyOn(backend, "set")];
    const tab = await onStage(ProgressTab, backend, { kind: progress, works, canWrite: true });
    await byId(tab, "correct").trigger("click");
    await flushPromises();
    const input = document.querySelector<HTMLInputElement>("[data-testid=field-percent]")!;
    expect(input.value, "it starts from what was said").toBe("90");
    input.value = "9";
    input.dispatchEvent(new Event("input"));
    document.querySelector<HTMLFormElement>(".el-dialog form")!.dispatchEvent(new Event("submit"));
    await flushPromises();
    expect(add).toHaveBeenCalledWith("progress", { works: "w1", date: "2026-05-12", percent: 9, corrects: "p1" });
    expect(set).not.toHaveBeenCalled();
  });
  it("keeps a corrected entry on the page, struck out and without a say", async () => {
    const tab = await onStage(ProgressTab, laptop([progress], [entry("p1", 90), entry("p2", 9, "p1")]), { kind: progress, works, canWrite: true });
    expect(byId(tab, "progress-p1").classes()).toContain("gone");
    expect(tab.findAll("[data-testid=correct]"), "only what counts can be corrected").toHaveLength(1);
    expect(tab.findAll("circle"), "and only that is drawn").toHaveLength(1);
  });
  it("takes the later of two corrections of one entry, as the program does", () => {
    const by = replaced([entry("p3", 8, "p1"), entry("p1", 90), entry("p2", 9, "p1")]);
    expect([by.get("p1")?.id, by.get("p2")?.id, by.has("p3")]).toEqual(["p3", "p3", false]);
  });
});
