import { flushPromises } from "@vue/test-utils";
import { beforeEach, describe, expect, it, vi } from "vitest";

import type { Query, Shown } from "@/backend";
import { forgetKept } from "@/shared/kept";

import { field, kind, laptop, shown } from "@tests/laptop";
import { byId, onStage } from "@tests/stage";
import RecordList from "./RecordList.vue";

const works = kind("works", [field("name", "text"), field("note", "text"), field("amount", "money")]);
const MANY = 100_000;

/** A hundred thousand works, none of which exists until it is asked for. */
function ledger() {
  const asked: Query[] = [];
  const edited = new Map<number, Record<string, unknown>>();
  const one = (at: number): Shown => shown("works", { name: `工程${at}`, note: `备注${at}`, amount: 1_000_000, ...edited.get(at) }, { id: `w${at}` });
  const backend = laptop([works], [], {
    list: (query) => {
      asked.push(query);
      const [from, count] = [query.offset ?? 0, query.limit ?? 50];
      return Promise.resolve({ ok: true, value: { total: MANY, records: Array.from({ length: Math.min(count, MANY - from) }, (_, at) => one(from + at)) } });
    },
    show: (id) => Promise.resolve({ ok: true, value: one(Number(id.slice(1))) }),
    set: (id, fields) => {
      const at = Number(id.slice(1));
      edited.set(at, { ...edited.get(at), ...fields });
      return Promise.resolve({ ok: true, value: one(at) });
    },
    sums: () => Promise.resolve({ ok: true, value: { count: MANY, fields: { amount: MANY * 1_000_000 } } }),
  });
  return { asked, backend };
}
const props = { kind: works, none: "空", newWords: "新建" };

describe("a list of 100,000", () => {
  beforeEach(() => {
    localStorage.clear();
    forgetKept();
  });

  it("reads and draws what is in sight only, wherever it is scrolled to", async () => {
    const { asked, backend } = ledger();
    const list = await onStage(RecordList, backend, props);
    expect(list.findAll("tbody tr[data-at]").length, "not a row more than a screen needs").toBeLessThan(80);
    expect(byId(list, "sums").text(), "the sum is of all of them").toContain("100,000.00");
    const grid = byId(list, "grid");
    grid.element.scrollTop = 32 * 70_000;
    await grid.trigger("scroll");
    await flushPromises();
    expect(byId(list, "row-w70000").text()).toContain("工程70000");
    expect(byId(list, "row-w0").exists()).toBe(false);
    expect(asked.every((query) => (query.limit ?? 0) <= 100), "never everything at once").toBe(true);
    expect(asked.length).toBeLessThan(8);
  });

  it("opens by Enter, edits the cell by F2, and takes it back by Ctrl+Z", async () => {
    const { backend } = ledger();
    const set = vi.spyOn(backend, "set");
    const list = await onStage(RecordList, backend, props);
    const table = list.find("table");
    const key = (key: string, more = {}) => table.trigger("keydown", { key, ...more });
    await key("ArrowDown");
    await key("Enter");
    expect(list.emitted("open")?.[0]).toHaveProperty([0, "id"], "w1");

    await key("ArrowRight");
    await key("F2");
    await flushPromises();
    const input = list.find('[data-testid="cell-editor"] input');
    await input.setValue("新备注");
    await input.trigger("keydown", { key: "Enter" });
    await flushPromises();
    expect(set).toHaveBeenCalledWith("w1", { note: "新备注" });
    expect(byId(list, "row-w1").text()).toContain("新备注");
    await key("z", { ctrlKey: true });
    await flushPromises();
    expect(set).toHaveBeenLastCalledWith("w1", { note: "备注1" });
    expect(byId(list, "list-said").text()).toContain("撤回 1 格");
  });

  it("writes a pasted block only after showing what changes", async () => {
    const { backend } = ledger();
    const set = vi.spyOn(backend, "set");
    const list = await onStage(RecordList, backend, props);
    await list.find("table").trigger("keydown", { key: "ArrowRight" });
    list.findComponent({ name: "RecordGrid" }).vm.$emit("paste", "甲\t2\r\n备注1\t不是钱\r\n");
    await flushPromises();
    const counts = document.querySelector('[data-testid="paste-counts"]')!.textContent!;
    expect(counts, "one text and one amount change, one is no amount, one is as it was").toContain("会改 2 格");
    expect(counts).toContain("1 格不能收");
    expect(set, "nothing is written yet").not.toHaveBeenCalled();
    document.querySelector<HTMLElement>('[data-testid="paste-confirm"]')!.click();
    await flushPromises();
    expect(set.mock.calls).toEqual([["w0", { note: "甲", amount: 2_000_000 }]]);
  });
});
