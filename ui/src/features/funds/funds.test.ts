import { flushPromises } from "@vue/test-utils";
import { expect, it, vi } from "vitest";

import type { FundLine, FundSum } from "@/backend";

import { field, kind, laptop } from "@tests/laptop";
import { byId, onStage } from "@tests/stage";
import FundLedger from "./FundLedger.vue";
import PaymentsDue from "./PaymentsDue.vue";

const entry = kind("fund_entry", [field("sort", "choice"), field("level", "choice"), field("stage", "choice")], { append_only: true });
const none: FundSum = { spent: 0, left: 0, allocated: 0, arrived: 0, advanced: 0, paid: 0, released: 0, recovered: 0, execution: { numerator: 0, denominator: 0, basis: "arrived" } };
const line = (id: string, more: Partial<FundLine>): FundLine => ({ id, number: id, dated: "2026-01-01", sort: "arrived", level: "central", stage: null, effect: "counts", amount: 3_000_000, application: { id: "a1", title: "申报" }, works: null, contract: null, documentNumber: "", invoice: "", payee: "", handler: "", reviewer: "", note: "", reverses: null, arrived: 0, spent: 0, left: 0, ...more });
const asked = { of: null, asOf: null, year: null, sort: null, level: null };

it("the ledger shows each entry on its side, what was only allocated in brackets, and a reversal the other way", async () => {
  const entries = [line("下达", { sort: "allocated" }), line("到位", {}), line("支付", { sort: "payment", amount: 1_000_000 }), line("冲", { sort: "reversal", amount: 1_000_000, reverses: "支付", effect: "reverses" })];
  const ledger = await onStage(FundLedger, laptop([entry], [], { fundList: () => Promise.resolve({ ok: true, value: { entries, total: none } }) }), { asked, canWrite: true });
  const sides = (id: string) => byId(ledger, `fund-${id}`).findAll("td.figure").slice(0, 2).map((cell) => cell.text());
  expect(sides("下达")).toEqual(["(3.00)", ""]);
  expect(sides("到位")).toEqual(["3.00", ""]);
  expect(sides("支付")).toEqual(["", "1.00"]);
  expect(sides("冲")).toEqual(["", "-1.00"]);
  expect(byId(ledger, "fund-冲").find("button").exists(), "a reversal is not reversed").toBe(false);
});

it("a payment that is due says what covers it and leads to its entry", async () => {
  const due = { title: "施工合同", application: null, covered: 100, contract: "c1", limit: 1_000_000, spent: 0, allowed: 300_000, payable: 300_000, clause: "第25条", stages: [{ stage: "p30" as const, share: 3_000, amount: 300_000, cumulative: 300_000, paid: 0, reached: true, on: "2026-02-01", record: null, missing: null }, { stage: "retention" as const, share: 500, amount: 50_000, cumulative: 350_000, paid: 0, reached: false, on: null, record: null, missing: "tooEarly" as const }] };
  const pay = vi.fn();
  const panel = await onStage(PaymentsDue, laptop([entry], [], { paymentsDue: () => Promise.resolve({ ok: true, value: [due] }) }), { of: null, canWrite: true, onPay: pay });
  expect(panel.text()).toContain("可付 0.30 万元");
  expect(panel.text(), "what arrived does not cover it").toContain("只够付");
  expect(panel.text()).toContain("质保期没满");
  await panel.find("article button").trigger("click");
  await flushPromises();
  expect(pay).toHaveBeenCalledWith(due);
});
