import { flushPromises } from "@vue/test-utils";
import { describe, expect, it } from "vitest";

import { field, kind, laptop, no } from "@tests/laptop";
import { byId, onStage } from "@tests/stage";

import type { Answer, ImportAsked, ImportReport } from "@/backend";

import ImportSteps from "./ImportSteps.vue";

const works = kind("works", [field("name", "text"), field("village", "reference", { to: "village" }), field("amount", "money")]);
const ok = <T>(value: T): Promise<Answer<T>> => Promise.resolve({ ok: true, value });

/** A table of three rows: one new, one changed, one whose village is to be said. */
function report(asked: ImportAsked): ImportReport {
  const said = asked.match.meanings.village?.["中东"];
  const row = (at: number, verdict: string, more = {}) => ({ row: at, verdict, reason: null, title: `工程${at}`, values: {}, changes: [], ...more });
  const question = { field: "village", given: "中东", row: 5, rows: 1, reason: { code: "unknownRecord", fields: {} }, offers: [{ value: "v1", title: "中东村", reading: { zh: "盐东镇", en: "Yandong" } }] };
  return {
    new: said ? 2 : 1,
    changed: 1,
    same: 0,
    refused: 0,
    undecided: said ? 0 : 1,
    rejected: said ? 0 : 1,
    rows: [row(3, "new"), row(4, "changed", { changes: [{ field: "name", before: "旧名", after: "新名" }] }), row(5, said ? "new" : "undecided")],
    unmatched: ["备用"],
    headings: [{ heading: "工程名称", field: "name", unit: null, suggestions: [] }, { heading: "备用", field: asked.match.columns["备用"] || null, unit: null, suggestions: ["amount"] }],
    questions: said ? [] : [question],
    sheet: "Sheet1",
    totals: [],
    plan: JSON.stringify(asked.match),
    batch: null,
  };
}

async function begun(own = {}) {
  const asked: ImportAsked[] = [];
  const written: ImportAsked[] = [];
  const backend = laptop([works, kind("village", [field("name", "text")])], [], {
    checkImport: (_name, _bytes, wish) => (asked.push(JSON.parse(JSON.stringify(wish))), ok(report(wish))),
    importTable: (_name, _bytes, wish) => (written.push(JSON.parse(JSON.stringify(wish))), ok({ ...report(wish), batch: "b1" })),
    ...own,
  });
  const wrapper = await onStage(ImportSteps, backend, { kind: works });
  const input = byId(wrapper, "import-file").element as HTMLInputElement;
  Object.defineProperty(input, "files", { value: [{ name: "台账.xlsx", arrayBuffer: () => Promise.resolve(new ArrayBuffer(4)) }] });
  await byId(wrapper, "import-file").trigger("change");
  await flushPromises();
  return { wrapper, asked, written };
}

describe("an import", () => {
  it("shows every verdict, old value and new, and writes nothing by itself", async () => {
    const { wrapper, written } = await begun();
    expect(byId(wrapper, "import-row-4").text(), "what stood there and what the row says").toMatch(/旧名.*→.*新名/);
    await byId(wrapper, "rows-undecided").trigger("click");
    expect(byId(wrapper, "import-row-3").exists(), "only the undecided ones").toBe(false);
    expect(byId(wrapper, "import-row-5").exists()).toBe(true);
    expect(written, "nobody agreed").toEqual([]);
  });

  it("checks again with each answer, and agrees to exactly the plan on the screen", async () => {
    const { wrapper, asked, written } = await begun();
    await wrapper.find('[data-testid="question-village-5"] input[value="v1"]').trigger("change");
    await wrapper.findAll(".maybe .link")[0].trigger("click");
    await flushPromises();
    const last = asked.at(-1)!;
    expect(last.match.meanings, "one answer for all rows that say it").toEqual({ village: { 中东: "v1" } });
    expect(last.match.columns).toEqual({ 备用: "amount" });
    expect(last.agreed, "a check agrees to nothing").toBeNull();

    await wrapper.find('[data-testid="import-save-as"] input, input[data-testid="import-save-as"]').setValue("月报表");
    await byId(wrapper, "import-confirm").trigger("click");
    await flushPromises();
    expect(written).toHaveLength(1);
    expect(written[0].agreed).toBe(JSON.stringify(last.match));
    expect(written[0].saveTemplate).toBe("月报表");
    expect(byId(wrapper, "import-done").exists()).toBe(true);
  });

  it("shows the new plan when it is no longer the one that was agreed to", async () => {
    const { wrapper, asked } = await begun({ importTable: () => no("planChanged", { name: "台账.xlsx" }) });
    const before = asked.length;
    await byId(wrapper, "import-confirm").trigger("click");
    await flushPromises();
    expect(asked.length, "checked anew").toBe(before + 1);
    expect(byId(wrapper, "import-done").exists(), "nothing was written").toBe(false);
    expect(byId(wrapper, "refusal").attributes("data-code"), "and the person hears why").toBe("planChanged");
  });
});
