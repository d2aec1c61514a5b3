import { flushPromises } from "@vue/test-utils";
import { describe, expect, it, vi } from "vitest";

import type { ConflictView } from "@/backend";

import { field, kind, laptop, shown } from "@tests/laptop";
import { byId, onStage } from "@tests/stage";
import ConflictList from "./ConflictList.vue";
import { canWriteOther, useDecisions } from "./useDecisions";

const works = kind("works", [field("name", "text"), field("contractor", "text")]);
const conflict = (more: Partial<ConflictView> = {}): ConflictView => ({
  id: "c1",
  record: "r1",
  kind: "works",
  title: "污水管网",
  fields: ["contractor"],
  original: { contractor: "旧公司" },
  standing: { values: { contractor: "甲公司" }, by: "王芳", at: "2025-05-03T10:32:00+08:00" },
  parked: { values: { contractor: "乙公司" }, by: "李明", at: "2025-05-03T11:00:00+08:00" },
  mine: true,
  ...more,
});

describe("a decision", () => {
  it("is nothing before one is chosen", () => expect(useDecisions().decision(conflict())).toBeNull());
  it("takes one side as it is", () => {
    const { choose, decision } = useDecisions();
    choose(conflict(), "parked");
    expect(decision(conflict())).toEqual({ take: "parked" });
  });
  it("writes another value for the whole group, starting from the parked one", () => {
    const two = conflict({ fields: ["name", "contractor"], parked: { values: { name: "新名", contractor: "乙公司" }, by: "", at: "" } });
    const { write, decision } = useDecisions();
    write(two, "contractor", "丙公司");
    expect(decision(two)).toEqual({ take: "other", values: { name: "新名", contractor: "丙公司" } });
  });
  it("cannot invent a state of the lifecycle", () => expect(canWriteOther(conflict({ fields: ["@state"] }))).toBe(false));
});

describe("the list of conflicts", () => {
  const stage = async (conflicts: ConflictView[]) => {
    const backend = laptop([works], [shown("works", {})], { conflicts: () => Promise.resolve({ ok: true, value: conflicts }) });
    const settle = vi.spyOn(backend, "settle");
    return { settle, list: await onStage(ConflictList, backend) };
  };
  it("shows both values with their writers and applies nothing before it is confirmed", async () => {
    const { settle, list } = await stage([conflict()]);
    for (const text of ["甲公司", "乙公司", "王芳", "李明"]) expect(list.text()).toContain(text);
    await byId(list, "take-parked").trigger("click");
    expect(settle).not.toHaveBeenCalled();
    await byId(list, "settle").trigger("click");
    await flushPromises();
    expect(settle).toHaveBeenCalledWith("c1", { take: "parked" });
    list.unmount();
  });
  it("is decided from the keyboard, one after the other", async () => {
    const { settle, list } = await stage([conflict(), conflict({ id: "c2" })]);
    window.dispatchEvent(new KeyboardEvent("keydown", { key: "n" }));
    window.dispatchEvent(new KeyboardEvent("keydown", { key: "1" }));
    await flushPromises();
    await list.find('[data-testid="conflict-c2"] [data-testid="settle"]').trigger("click");
    await flushPromises();
    expect(settle).toHaveBeenCalledWith("c2", { take: "standing" });
    list.unmount();
  });
});
