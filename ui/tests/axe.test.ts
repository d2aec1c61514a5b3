/**
 * No screen has a fault that axe can find: names for every control, order of
 * headings and lists, roles that fit. Colours need a real page; they are looked
 * at in the window.
 */
import axe from "axe-core";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import type { Component } from "vue";

import type { AmountView, FundSum, Shown } from "@/backend";
import ApplicationView from "@/views/ApplicationView.vue";
import ApplicationsView from "@/views/ApplicationsView.vue";
import DuplicatesView from "@/views/DuplicatesView.vue";
import FindingsView from "@/views/FindingsView.vue";
import FundsView from "@/views/FundsView.vue";
import ImportView from "@/views/ImportView.vue";
import LedgerView from "@/views/LedgerView.vue";
import MapView from "@/views/MapView.vue";
import MonthView from "@/views/MonthView.vue";
import NewRecordView from "@/views/NewRecordView.vue";
import ProgrammesView from "@/views/ProgrammesView.vue";
import RecordView from "@/views/RecordView.vue";
import StartView from "@/views/StartView.vue";
import SyncView from "@/views/SyncView.vue";
import TodayView from "@/views/TodayView.vue";
import VillagesView from "@/views/VillagesView.vue";
import WorksListView from "@/views/WorksListView.vue";
import WorksView from "@/views/WorksView.vue";

import { field, kind, laptop, shown } from "./laptop";
import { onStage } from "./stage";

const label = (zh: string) => ({ zh, en: zh });
const village = kind("village", [field("name", "text"), field("code", "text")], { key: "code" });
const works = kind(
  "works",
  [field("number", "text", { given: true }), field("name", "text", { required: true }), field("village", "reference", { to: "village" }), field("category", "choice", { choices: [{ value: "sewage", label: label("污水") }] }), field("contract_amount", "money"), field("start", "date"), field("core", "yes_no"), field("place", "place"), field("photos", "attachments")],
  { key: "number", title: "name", list: ["number", "name", "village", "category", "contract_amount"], state: [{ name: "building", label: label("在建"), from: [], needs: [], locks: [] }] as never },
);
const progress = kind("progress", [field("works", "reference", { to: "works" }), field("date", "date"), field("percent", "decimal"), field("photos", "attachments")], { append_only: true });
const application = kind("application", [field("name", "text"), field("works", "references", { to: "works", section: "where" }), field("policy", "reference", { to: "programme" }), field("requested", "money", { section: "funding" })]);
const line = kind("estimate_line", [field("application", "reference", { to: "application" }), field("content", "text"), field("quantity", "decimal"), field("unit_price", "money"), field("amount", "money")]);
const fund = kind("fund_entry", [field("number", "text"), field("application", "reference", { to: "application" }), field("sort", "choice"), field("level", "choice"), field("stage", "choice")], { append_only: true });
const others = ["target", "chapter", "document", "review_remark", "opinion", "settlement", "evaluation", "township", "notice"].map((name) => kind(name, [field("title", "text"), field("application", "reference", { to: "application" })]));
const kinds = [village, works, progress, application, line, fund, ...others];
const records: Shown[] = [
  shown("village", { name: "中东村", code: "320902107200" }, { id: "v1" }),
  shown("works", { number: "GC-1", name: "管网", village: "v1", category: "sewage", contract_amount: 100_000_00 }, { id: "w1", state: "building", names: { v1: "中东村" } }),
  shown("application", { name: "申报", works: ["w1"], requested: 100_00 }, { id: "a1", names: { w1: "管网" } }),
  shown("estimate_line", { application: "a1", content: "管网", quantity: "1", unit_price: 100, amount: 100 }, { id: "l1" }),
];
const sum: FundSum = { spent: 1, left: 1, allocated: 2, arrived: 2, advanced: 0, paid: 1, released: 0, recovered: 0, execution: { numerator: 1, denominator: 2, basis: "arrived" } };
const amount: AmountView = { application: "a1", policy: "p", programme: "政策", version: 1, digest: "", date: "", total: 1, asked: 1, shares: [], stages: [], trace: [], open: [], problems: [], differences: [] };
const ok = <T>(value: T) => Promise.resolve({ ok: true as const, value });
const backend = () =>
  laptop(kinds, records, {
    list: ({ kind: of }) => {
      const own = records.filter((one) => one.kind === of);
      return ok({ total: own.length, records: own });
    },
    amount: () => ok(amount),
    check: () => ok({ findings: [{ key: "k", rule: "fundingSum" as const, severity: "block" as const, clause: "依据", records: ["a1"], photos: [], text: "", fields: {}, mend: { record: "a1", kind: "application", field: "requested", make: null }, accepted: null }], unseen: 0 }),
    applicationSteps: () => ok({ steps: [{ step: "project" as const, done: true, blocks: 0, warns: 0 }], blocks: 1, warns: 0, state: null, moves: [] }),
    fundBalances: () => ok({ asOf: "", total: sum, applications: [{ key: "a1", title: "申报", sum }], works: [], contracts: [], levels: [], years: [], findings: [] }),
    fundChart: () => ok({ sources: [], years: [], months: [], plans: [] }),
    fundList: () => ok({ entries: [], total: sum }),
  });

const SCREENS: [string, Component, Record<string, unknown>][] = [
  ["today", TodayView, {}],
  ["works", WorksListView, {}],
  ["a works", WorksView, { id: "w1" }],
  ["villages", VillagesView, { id: "v1" }],
  ["applications", ApplicationsView, {}],
  ["an application", ApplicationView, { id: "a1" }],
  ["a new works", NewRecordView, { kind: "works", prefill: {} }],
  ["a record", RecordView, { id: "l1" }],
  ["ledgers", LedgerView, { kind: "estimate_line" }],
  ["funds", FundsView, {}],
  ["programmes", ProgrammesView, {}],
  ["month", MonthView, {}],
  ["import", ImportView, { kind: "works" }],
  ["duplicates", DuplicatesView, {}],
  ["findings", FindingsView, {}],
  ["map", MapView, {}],
  ["sync", SyncView, {}],
  ["unlock", StartView, { stage: { stage: "locked", person: "李明" } }],
];

describe("axe finds nothing on", () => {
  beforeEach(() => localStorage.clear());
  afterEach(() => (document.body.innerHTML = ""));
  it.each(SCREENS)("%s", async (_, screen, props) => {
    const page = await onStage(screen, backend(), props);
    await new Promise((resolve) => requestAnimationFrame(resolve));
    const { violations, passes } = await axe.run(page.element.parentElement ?? document.body, { rules: { "color-contrast": { enabled: false }, region: { enabled: false } } });
    expect(passes.length, "the screen was there at all").toBeGreaterThan(0);
    expect(violations.flatMap((one) => one.nodes.map((node) => `${one.id}: ${node.html.slice(0, 160)}`))).toEqual([]);
    page.unmount();
  });
});
