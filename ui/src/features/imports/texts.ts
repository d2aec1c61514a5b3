/** A table is checked, agreed to, written, and can be taken back. */
export default {
  zh: {
    title: "导入{kind}", back: "返回列表", choose: "选择表格…", other: "换一个表格…", hint: "Excel 或 WPS 表格（xlsx、xls、et）、CSV，也可拖到这里。先核对，您同意之前什么都不写入。", checking: "正在核对…",
    template: "对应方案", noTemplate: "按表头自动对应", sheet: "工作表", totals: "第 {rows} 行是合计，没有当作记录。", year: "日期的年份", yearHint: "表里日期没写年份时用",
    columns: "列的对应", columnsDone: "{count} 列都有对应的项目。", columnsOpen: "{open} 列没有对应，不会导入。", unit: "单位", pass: "不导入", maybe: "像是：", unfold: "展开", fold: "收起", unitAsIs: "照表头",
    questions: "要您定的：{count} 处", says: "表里写“{given}”，{rows} 行", skip: "先不定，这些行不写入", decided: "已定：", means: "“{given}”是 {value}", reconsider: "重定",
    row: "行", verdict: "结果", name: "名称", why: "说明", all: "全部 {count}", filter: "只看这一类",
    verdict_new: "＋ 新增", verdict_changed: "✎ 修改", verdict_same: "＝ 相同", verdict_refused: "✕ 不能收", verdict_undecided: "？待定", verdict_left: "— 未动",
    more: "再显示 {count} 行", noRows: "没有这一类的行。", values: "这一行写的是", saveAs: "把这次的对应存成方案", saveHint: "方案名，如 月报表；可不填", agree: "同意，写入 {count} 行", nothing: "没有要写入的行", stay: "不能收和待定的 {count} 行不会写入，改好表格可以再导入。",
    done: "✔ 已写入：新增 {new} 行，修改 {changed} 行。", doneUndone: "“{file}”的导入已撤销，结果见下。", undo: "撤销这次导入", undoAsk: "撤销“{file}”的导入？新增的会删除，修改的改回原值；之后又有人改过的不动，会列出来。", undone: "已撤销：删除 {deleted} 项，改回 {restored} 项。", undonePartly: "撤销了一部分：删除 {deleted} 项，改回 {restored} 项；下面 {count} 项没有全部改回：", undoneNone: "没有撤销，{count} 项都没有动：", undoneNothing: "没有可撤销的了。", partlyAt: "{at} 撤销了一部分，{count} 行没有动", undoRest: "再试剩下的",
    recent: "最近的导入", when: "时间", who: "谁", file: "表格", undoneAt: "{at} 已撤销", again: "再导入一个表格",
  },
  en: {
    title: "Import: {kind}", back: "Back to the list", choose: "Choose a table…", other: "Another table…", hint: "Excel or WPS (xlsx, xls, et) or CSV; you can drop it here. It is checked first; nothing is written before you agree.", checking: "Checking…",
    template: "Matching", noTemplate: "By the headings", sheet: "Sheet", totals: "Rows {rows} are totals and were passed over.", year: "Year of dates", yearHint: "For dates that name none",
    columns: "Columns", columnsDone: "All {count} columns have a field.", columnsOpen: "{open} columns have no field and stay out.", unit: "Unit", pass: "Leave out", maybe: "Perhaps: ", unfold: "Unfold", fold: "Fold", unitAsIs: "As the heading says",
    questions: "For you to decide: {count}", says: "The table says “{given}”, {rows} rows", skip: "Undecided; these rows stay out", decided: "Decided:", means: "“{given}” is {value}", reconsider: "Change",
    row: "Row", verdict: "Verdict", name: "Name", why: "Why", all: "All {count}", filter: "Only these",
    verdict_new: "+ New", verdict_changed: "✎ Changed", verdict_same: "= Same", verdict_refused: "✕ Refused", verdict_undecided: "? Undecided", verdict_left: "— Left",
    more: "Show {count} more", noRows: "No such rows.", values: "The row says", saveAs: "Keep this matching as", saveHint: "A name, or nothing", agree: "Agree and write {count} rows", nothing: "Nothing to write", stay: "{count} refused or undecided rows stay out; mend the table and import again.",
    done: "✔ Written: {new} new, {changed} changed.", doneUndone: "The import of “{file}” was taken back, as told below.", undo: "Take this import back", undoAsk: "Take the import of “{file}” back? What it made is deleted, what it changed gets its old value; what somebody changed since is left and listed.", undone: "Taken back: {deleted} deleted, {restored} restored.", undonePartly: "Partly taken back: {deleted} deleted, {restored} restored; {count} were left, or not put back in full:", undoneNone: "Not taken back; all {count} are as they were:", undoneNothing: "There is nothing left to take back.", partlyAt: "partly taken back {at}; {count} rows stand", undoRest: "Try the rest again",
    recent: "Recent imports", when: "When", who: "Who", file: "Table", undoneAt: "taken back {at}", again: "Import another table",
  },
};
