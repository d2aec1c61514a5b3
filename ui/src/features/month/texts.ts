/** The month report: its rows, what differs, and handing it in. */

/** What the program calls its own template of the report. */
export const MONTH_TABLE = "月调度表";

export default {
  zh: {
    onPaper: "{month} 月调度", earlier: "上一月", later: "下一月", month: "调度月份", township: "乡镇", due: "{date} 前报送", left: "还有 {days} 天", over: "已过 {days} 天", today: "今天到期", handedIn: "{date} 已报送", frozen: "已报送，下面是报送那天的数据；之后的变化不改它。",
    rows: "各项工程（{count}）", differences: "与上月比（{count}）", since: "报送以后（{count}）", words: "文字说明",
    handIn: "报送", handInAsk: "报送 {month} 的月调度？报送后数据冻结，区里退回才能再改。", handInMissing: "有 {count} 项工程还缺内容（{what}）。仍要报送？", export: "导出月调度表", begin: "写文字说明", beginHint: "总体情况、存在问题、下月计划写在这里，和各项数据一起报送。",
    none: "这个月还没有整治工程。", noDifferences: "和上月比没有变化。", noPrevious: "上月没有报送过，没有可比的数据。", against: "和 {month} 报送的数据比。", noSince: "报送以后记录没有变化。", sinceHint: "报送以后记录又改了这些；下个月的报表会带上。",
    works: "工程", status: "状态", percent: "形象进度", granted: "下达", contractAmount: "合同价", paid: "完成投资", received: "到位", spent: "支付", say: "阶段、原因或成效", problem: "问题", nextPlan: "下月计划", lacking: "缺{what}",
    wan: "金额：万元", total: "合计 {count} 项", fundTotal: "{fund} {count} 项", noFund: "未填资金",
    status_notBegun: "未开工", status_underWay: "在建", status_built: "已完工", status_stopped: "停止",
    lacks_reason: "未开工原因", lacks_stage: "所处阶段", lacks_entry: "本月进度", lacks_amounts: "完成工程量", lacks_effect: "成效",
    column_name: "名称", column_fund: "资金", column_status: "状态", column_state: "环节", column_percent: "形象进度", column_granted: "下达金额", column_contractAmount: "合同价", column_paid: "完成投资", column_received: "到位资金", column_spent: "支付资金", column_plannedStart: "计划开工", column_plannedEnd: "计划完工", column_actualStart: "实际开工", column_actualEnd: "实际完工", column_reason: "原因", column_stage: "阶段", column_amounts: "完成工程量", column_effect: "成效", column_problem: "问题", column_nextPlan: "下月计划",
    cause_entry: "新填进度", cause_correction: "更正进度", cause_edit: "修改工程", cause_new: "新增的工程", cause_gone: "不再列入", what: "项目", before: "上次", after: "现在", because: "缘由", from: "{by}，{at}",
  },
  en: {
    onPaper: "Month report {month}", earlier: "Month before", later: "Month after", month: "Month", township: "Township", due: "Due {date}", left: "{days} days left", over: "{days} days late", today: "Due today", handedIn: "Handed in {date}", frozen: "Handed in; these are the data of that day, and nothing changes them.",
    rows: "Works ({count})", differences: "Against last month ({count})", since: "Since then ({count})", words: "Words",
    handIn: "Hand in", handInAsk: "Hand in the report of {month}? Its data are frozen until the district sends it back.", handInMissing: "{count} works still lack something ({what}). Hand it in all the same?", export: "Export the table", begin: "Write the words", beginHint: "The situation, problems and next month's plan; handed in with the data.",
    none: "No works this month yet.", noDifferences: "Nothing differs from last month.", noPrevious: "Last month's report was not handed in, so there is nothing to compare.", against: "Compared with what was handed in for {month}.", noSince: "The records have not changed since.", sinceHint: "The records say this now; the next report will have it.",
    works: "Works", status: "Status", percent: "Progress", granted: "Granted", contractAmount: "Contract", paid: "Invested", received: "Received", spent: "Paid out", say: "Stage, reason or effect", problem: "Problems", nextPlan: "Next month", lacking: "Lacks {what}",
    wan: "Amounts in 10k yuan", total: "{count} in all", fundTotal: "{fund}: {count}", noFund: "No fund named",
    status_notBegun: "Not begun", status_underWay: "Under way", status_built: "Built", status_stopped: "Stopped",
    lacks_reason: "the reason", lacks_stage: "the stage", lacks_entry: "an entry this month", lacks_amounts: "quantities", lacks_effect: "the effect",
    column_name: "Name", column_fund: "Fund", column_status: "Status", column_state: "Step", column_percent: "Progress", column_granted: "Granted", column_contractAmount: "Contract", column_paid: "Invested", column_received: "Received", column_spent: "Paid out", column_plannedStart: "Planned start", column_plannedEnd: "Planned end", column_actualStart: "Actual start", column_actualEnd: "Actual end", column_reason: "Reason", column_stage: "Stage", column_amounts: "Quantities", column_effect: "Effect", column_problem: "Problems", column_nextPlan: "Next month",
    cause_entry: "progress entry", cause_correction: "corrected entry", cause_edit: "works edited", cause_new: "new works", cause_gone: "no longer listed", what: "What", before: "Before", after: "Now", because: "Because", from: "{by}, {at}",
  },
};
