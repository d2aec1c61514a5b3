/** Subsidy programmes: read, edited, tried and published. */
export default {
  zh: {
    title: "奖补政策", own: "区里的", shipped: "随程序附带（可作底稿）", none: "区里还没有政策。从附带的文件中选一个作底稿，改好后公布。", version: "第 {version} 版", state_shipped: "附带", state_drafted: "拟订", state_published: "已公布", state_retired: "停用",
    tab_parts: "要点", tab_text: "正文", tab_try: "试算", text: "政策正文", line: "第 {line} 行", fine: "✓ 没有问题，可以公布。", edit: "改成新一版", saveDraft: "存为拟订", publish: "公布", publishAsk: "公布后这一版不能再改；已按旧版申报的不受影响。现在公布？", retire: "同时停用以前公布的版本", draftSaved: "✔ 已存为拟订，随同步到各镇。", published: "✔ 已公布。", unsavedText: "正文有修改还没存。",
    meta: "文号 {document} · {issuer} · {area} · {from} 起，至 {until}", inferredCount: "{count} 条为推定", inferred: "推定",
    sort_applicant: "申报主体", sort_category: "支持范围", sort_requirement: "申报条件", sort_excluded: "不得用于", sort_document: "申报材料", sort_clock: "期限", sort_rule: "补助标准", sort_share: "分担",
    onPast: "用在以前的申报上", tryPast: "逐份试算", allProgrammes: "也算别的政策下的申报", noPast: "还没有按这一政策的申报。", application: "申报", requested: "申请（万元）", frozen: "原版（万元）", tried: "这一版（万元）", change: "差额", onCase: "用一个例子（JSON，金额为分）", tryCase: "试算", caseUnreadable: "例子不是 JSON。",
  },
  en: {
    title: "Programmes", own: "The district's", shipped: "Shipped (to begin from)", none: "The district has no programme yet. Choose a shipped one to begin from, then publish it.", version: "version {version}", state_shipped: "Shipped", state_drafted: "Draft", state_published: "Published", state_retired: "Retired",
    tab_parts: "In short", tab_text: "Text", tab_try: "Try", text: "Text of the programme", line: "Line {line}", fine: "✓ Nothing is wrong; it can be published.", edit: "Make the next version", saveDraft: "Keep as draft", publish: "Publish", publishAsk: "What is published never changes; applications made under an older version keep it. Publish now?", retire: "Retire the versions published before", draftSaved: "✔ Kept as a draft; the exchange carries it.", published: "✔ Published.", unsavedText: "The text has unsaved edits.",
    meta: "Document {document} · {issuer} · {area} · from {from} until {until}", inferredCount: "{count} clauses inferred", inferred: "inferred",
    sort_applicant: "Who may apply", sort_category: "What it pays for", sort_requirement: "Conditions", sort_excluded: "Not to be paid for", sort_document: "Documents", sort_clock: "Terms", sort_rule: "Amounts", sort_share: "Shares",
    onPast: "On past applications", tryPast: "Compute each", allProgrammes: "Those of other programmes too", noPast: "No application under this programme yet.", application: "Application", requested: "Requested (10k)", frozen: "Own version (10k)", tried: "This one (10k)", change: "Change", onCase: "On a case (JSON, money in fen)", tryCase: "Compute", caseUnreadable: "The case is not JSON.",
  },
};
