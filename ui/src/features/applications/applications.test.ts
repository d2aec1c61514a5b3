import { flushPromises } from "@vue/test-utils";
import { describe, expect, it, vi } from "vitest";

import type { AmountView, FindingView, Shown } from "@/backend";

import { field, kind, laptop, no, shown } from "@tests/laptop";
import { byId, onStage } from "@tests/stage";
import AmountPanel from "./AmountPanel.vue";
import CompilePanel from "./CompilePanel.vue";
import { amountOf } from "./estimate";
import EstimateStep from "./EstimateStep.vue";
import RemarksStep from "./RemarksStep.vue";
import { countOf, fieldsOf, openByStep, openOnes, stepOf } from "./steps";

const application = kind("application", [field("name", "text"), field("works", "references", { section: "where" }), field("total", "money", { section: "funding" }), field("files", "attachments", { section: "evidence" })]);
const line = kind("estimate_line", [field("application", "reference", { to: "application" }), field("content", "text", { required: true }), field("quantity", "decimal"), field("unit_price", "money"), field("amount", "money")]);
const one = shown("application", { name: "申报", total: 300_000_00 }, { id: "a1" });
const finding = (more: Partial<FindingView>): FindingView => ({ key: "k", rule: "fundingSum", severity: "block", clause: "依据", records: ["a1"], photos: [], text: "", fields: {}, accepted: null, ...more });

describe("the steps of an application", () => {
  it("have each field once, and the papers in a step of their own", () => {
    expect(fieldsOf(application, "project")).toEqual(["name"]);
    expect(fieldsOf(application, "works")).toEqual(["works"]);
    expect(fieldsOf(application, "money")).toEqual(["total"]);
  });
  it("are where a finding leads, unless another record's page is", () => {
    const mend = (kind: string, field: string | null, make: string | null = null) => stepOf(application, finding({ mend: { record: "r", kind, field, make } }));
    expect(mend("application", "total")).toBe("money");
    expect(mend("estimate_line", "amount")).toBe("estimate");
    expect(mend("application", null, "document")).toBe("documents");
    expect(mend("works", "capacity")).toBeNull();
    expect(mend("application", null, "notice"), "a notice is made on its own page").toBeNull();
  });
  it("count what nobody has accepted, the blocking ones first", () => {
    const found = [finding({ key: "1", severity: "warn", mend: { record: "a1", kind: "application", field: "total", make: null } }), finding({ key: "2" }), finding({ key: "3", accepted: { by: "李", at: "", remark: "", note: "n" } })];
    expect(countOf(found)).toEqual({ block: 1, warn: 1 });
    expect(openOnes(found).map((one) => one.key)).toEqual(["2", "1"]);
    expect(openByStep(application, found).money).toEqual({ block: 0, warn: 1 });
  });
});

describe("an estimate", () => {
  it.each([
    ["3", 33_333, 99_999],
    ["0.125", 100, 13],
    ["2.5", -3, -8],
    ["1234567.891", 99_999_999, 123_456_787_865_432],
  ])("multiplies %s by %i to the last 分", (quantity, price, amount) => expect(amountOf(quantity, price)).toBe(amount));
  it("computes the line as it is typed and saves it when the hand leaves it", async () => {
    const backend = laptop([application, line], []);
    const add = vi.spyOn(backend, "add");
    const step = await onStage(EstimateStep, backend, { application: one, readonly: false });
    await byId(step, "add-estimate_line").trigger("click");
    const row = byId(step, "child-new");
    await row.find('[data-testid="field-content"]').setValue("管网");
    await row.find('[data-testid="field-quantity"]').setValue("2.5");
    await row.find('[data-testid="field-unit_price"]').setValue("100");
    expect((row.find('[data-testid="field-amount"]').element as HTMLInputElement).value).toBe("250.00");
    expect(add, "not while it is typed").not.toHaveBeenCalled();
    await row.trigger("focusout", { relatedTarget: null });
    await flushPromises();
    expect(add).toHaveBeenCalledWith("estimate_line", { application: "a1", content: "管网", quantity: "2.5", unit_price: 10_000, amount: 25_000 });
  });
});

const AMOUNT: AmountView = {
  application: "a1", policy: "p1", programme: "试点政策", version: 2, digest: "", date: "2026-01-01", total: 100_000_00, asked: 100_000_00, shares: [], stages: [], open: [], problems: [], differences: [],
  trace: [{ rule: "r", label: { zh: "按户补助", en: "By household" }, primitive: "perUnit" as never, clause: "第五条", clauseText: { zh: "每户 100 元", en: "100 each" }, source: "", inferred: true, of: { unit: "application", id: "", name: "" }, inputs: [], result: 100_000_00, words: { zh: "1000 户 × 100 元", en: "1000 × 100" } }],
};

describe("an amount", () => {
  it("opens into its steps with clause and words, and says what is asked beyond it", async () => {
    const panel = await onStage(AmountPanel, laptop([application]), { amount: AMOUNT, refusal: null, requested: 120_000_00 });
    expect(byId(panel, "amount-asked").text()).toBe("10.00");
    expect(panel.text()).toContain("12.00 万元");
    await byId(panel, "amount-unfold").trigger("click");
    const trace = byId(panel, "trace").text();
    for (const words of ["按户补助", "1000 户 × 100 元", "第五条", "推定"]) expect(trace).toContain(words);
  });
  it("leads to the choice of a programme where there is none", async () => {
    const panel = await onStage(AmountPanel, laptop([application]), { amount: undefined, refusal: { code: "noProgramme", fields: {} }, requested: null });
    await panel.find("button").trigger("click");
    expect(panel.emitted("programme")).toHaveLength(1);
  });
});

describe("remarks", () => {
  const remark = kind("review_remark", [field("text", "text"), field("place", "integer"), field("reply", "text"), field("reply_files", "attachments")], { state: ["open", "answered"].map((name) => ({ name, label: { zh: name, en: name } })) as never });
  const opinion = kind("opinion", [field("by_level", "choice")], { append_only: true });
  it("are answered one by one: the reply is kept, then the remark is moved on", async () => {
    const open: Shown = shown("review_remark", { application: "a1", place: 1, text: "补公示照片" }, { id: "m1", state: "open" });
    const backend = laptop([application, remark, opinion], [open]);
    const [set, move] = [vi.spyOn(backend, "set"), vi.spyOn(backend, "moveState")];
    const step = await onStage(RemarksStep, backend, { application: one });
    expect(byId(step, "answer-1").attributes("disabled"), "nothing to give yet").toBeDefined();
    await step.find('[data-testid="reply-1"]').setValue("已补，见附件");
    await byId(step, "answer-1").trigger("click");
    await flushPromises();
    expect(set).toHaveBeenCalledWith("m1", { reply: "已补，见附件" });
    expect(move).toHaveBeenCalledWith("m1", "answered", null);
  });
});

describe("a package", () => {
  it("says how far it is, can be stopped, and leaves the reason where it was asked", async () => {
    let tell: (step: unknown) => void = () => {};
    let finish = () => {};
    const stopped = vi.fn();
    const backend = laptop([application], [one], {
      compile: (_id, _path, run) => {
        tell = run.told as never;
        return new Promise((resolve) => (finish = () => void no("cancelled").then(resolve)));
      },
      stop: (task) => {
        stopped(task);
        return Promise.resolve({ ok: true, value: null });
      },
    });
    const panel = await onStage(CompilePanel, backend, { record: one, blocks: 2 });
    expect(panel.text()).toContain("还有 2 处须改");
    await byId(panel, "compile").trigger("click");
    tell({ stage: "files", done: 1, total: 2 });
    await flushPromises();
    expect(byId(panel, "run").text()).toContain("正在写入");
    await byId(panel, "run-stop").trigger("click");
    expect(stopped).toHaveBeenCalledOnce();
    finish();
    await flushPromises();
    expect(byId(panel, "refusal").exists()).toBe(true);
    expect(byId(panel, "compile").exists(), "and it can be tried again").toBe(true);
  });
});
