/** Money: the ledger, what it comes to, what is due. */

/** What the program calls its own template of the ledger. */
export const FUND_TABLE = "资金台账";

export default {
  zh: {
    title: "资金", onPaper: "资金：{part}", of: "哪份申报", everything: "全部申报", newEntry: "记一笔", tab_overview: "概览", tab_ledger: "台账", tab_balances: "余额", tab_due: "应付进度款", ledger: "资金台账", balances: "余额",
    allocated: "下达", arrived: "到位", spent: "支出", left: "结存", execution: "执行率", basis_allocated: "按下达", basis_arrived: "按到位", planned: "计划",
    bySource: "按来源：计划、到位、支出", byPlan: "按申报：计划与支出", byMonth: "按月：到位与支出", byYear: "按年：到位与支出",
    number: "流水号", dated: "日期", sort: "类型", level: "来源", year: "年度", about: "归属", voucher: "凭证", in: "到位", out: "支出", leftAfter: "结存", allocatedHint: "金额为万元；括号里是下达的指标，不算到账。", noEntries: "还没有资金流水。下达、到位、支付都在这里记，只增不改，记错了用冲销。",
    effect_reversed: "已冲销", effect_reverses: "冲销", effect_reversesNothing: "没有对应的流水", effect_reversesAgain: "重复冲销", effect_unknown: "不认识的类型", reverse: "冲销", reverseAsk: "冲销 {number}（{amount} 元）？原记录保留，另记一笔相反的。", why: "写明原因",
    by_applications: "按申报", by_works: "按工程", by_contracts: "按合同", by_levels: "按来源", by_years: "按年度",
    noDue: "没有按进度要付的合同。", dueLine: "合同 {limit} 万元，已付 {spent} 万元", payable: "可付 {amount} 万元", pay: "记支付", notCovered: "到位资金只够付 {amount} 万元。", missing_notBegun: "还没进场", missing_notBuilt: "进度没到", missing_notAccepted: "还没验收", missing_tooEarly: "质保期没满", missing_notGraded: "还没做成效评估", missing_gradeTooLow: "成效评估不够优良",
    noVillageMoney: "这个村还没有资金流水。", sharedByVillages: "另有几个村共用的：到位 {arrived} 万元，支出 {spent} 万元。", found: "资金检查：{count} 处",
  },
  en: {
    onPaper: "Money: {part}", title: "Money", of: "Application", everything: "All applications", newEntry: "New entry", tab_overview: "Overview", tab_ledger: "Ledger", tab_balances: "Balances", tab_due: "Payments due", ledger: "Fund ledger", balances: "Balances",
    allocated: "Allocated", arrived: "Arrived", spent: "Spent", left: "Left", execution: "Execution", basis_allocated: "of allocated", basis_arrived: "of arrived", planned: "Planned",
    bySource: "By source: planned, arrived, spent", byPlan: "By application: planned, spent", byMonth: "By month: arrived, spent", byYear: "By year: arrived, spent",
    number: "Number", dated: "Date", sort: "Sort", level: "Source", year: "Year", about: "Belongs to", voucher: "Voucher", in: "In", out: "Out", leftAfter: "Left", allocatedHint: "In 10k yuan; what is in brackets was allocated and has not arrived.", noEntries: "No entries yet. Allocations, arrivals and payments are entered here; nothing is edited, a mistake is reversed.",
    effect_reversed: "reversed", effect_reverses: "reversal", effect_reversesNothing: "reverses nothing", effect_reversesAgain: "reversed twice", effect_unknown: "unknown sort", reverse: "Reverse", reverseAsk: "Reverse {number} ({amount} yuan)? It is kept, and its opposite is entered.", why: "Say why",
    by_applications: "By application", by_works: "By works", by_contracts: "By contract", by_levels: "By source", by_years: "By year",
    noDue: "No contract is paid by stages.", dueLine: "contract {limit}, paid {spent} (10k yuan)", payable: "{amount} × 10k yuan may be paid", pay: "Enter a payment", notCovered: "What has arrived covers {amount} × 10k yuan only.", missing_notBegun: "not on site yet", missing_notBuilt: "not built so far", missing_notAccepted: "not accepted yet", missing_tooEarly: "retention still runs", missing_notGraded: "effect not evaluated yet", missing_gradeTooLow: "effect not graded well enough",
    noVillageMoney: "No money was entered for this village yet.", sharedByVillages: "Shared among villages besides: {arrived} arrived, {spent} spent (10k yuan).", found: "Money findings: {count}",
  },
};
