/** Subsidy applications and their packages. */
export default {
  zh: {
    newOne: "新建申报", newTitle: "新建奖补申报", none: "这里放奖补申报。先建一份，选上整治工程，再生成申报包。", missing: "这台电脑上没有这份申报。", back: "返回列表", form: "申报内容", history: "历史", 
    number: "编号", worksName: "工程名称", village: "村", amount: "合同价（万元）", drop: "移出",
    money: "资金（万元）", contracts: "所选工程合同价（{count} 项）", total: "总投资", requested: "申请资金", ownFunds: "地方配套及自筹", unpriced: "{count} 项工程还没有合同价，没有计入。", short: "总投资比申请资金加配套多 {amount} 万元，来源不足。", over: "申请资金加配套比总投资多 {amount} 万元。",
    package: "申报包", packageHint: "申报表、工程清单、照片和校验清单，合成一个压缩包。", saveTo: "存到", compile: "生成申报包", saveFirst: "有修改还没保存，先保存再生成。", compiled: "✔ 已生成：申报表 {pages} 页，共 {files} 个文件，{size}", verify: "校验", verifyTitle: "校验申报包", verifyOpen: "校验申报包", verifyHint: "选一个申报包，检查里面有没有改动、缺少或多出的文件。",
    verifiedOk: "✔ 完好：没有改动、缺少或多出的文件。", verifiedBad: "✕ 有 {count} 处问题：", signed: "✔ {by} 签名有效", badlySigned: "✕ {by} 的签名对不上", unsigned: "没有签名。",
    problem_changed: "内容被改过", problem_missing: "缺少文件", problem_added: "多出文件", problem_signature: "签名对不上", problem_container: "压缩包损坏", problem_unreadable: "读不出来",
  },
  en: {
    newOne: "New application", newTitle: "New subsidy application", none: "Subsidy applications belong here. Start one, pick its works, then compile the package.", missing: "This application is not on this laptop.", back: "Back to the list", form: "Application", history: "History", 
    number: "Number", worksName: "Works", village: "Village", amount: "Contract (10k yuan)", drop: "Take out",
    money: "Money (10k yuan)", contracts: "Contracts of the works ({count})", total: "Total investment", requested: "Amount requested", ownFunds: "Local and own funds", unpriced: "{count} works have no contract amount yet and are not counted.", short: "The total exceeds the request and own funds by {amount} × 10k yuan.", over: "The request and own funds exceed the total by {amount} × 10k yuan.",
    package: "Package", packageHint: "The form, the list of works, the photos and a manifest in one ZIP.", saveTo: "Save to", compile: "Compile package", saveFirst: "There are unsaved edits; save them first.", compiled: "✔ Compiled: a form of {pages} pages, {files} files, {size}", verify: "Verify", verifyTitle: "Verify a package", verifyOpen: "Verify a package", verifyHint: "Choose a package to check for changed, missing or added files.",
    verifiedOk: "✔ Intact: nothing was changed, missing or added.", verifiedBad: "✕ {count} problems:", signed: "✔ signature of {by} fits", badlySigned: "✕ signature of {by} does not fit", unsigned: "Not signed.",
    problem_changed: "Changed", problem_missing: "Missing", problem_added: "Added", problem_signature: "Signature does not fit", problem_container: "Damaged archive", problem_unreadable: "Cannot be read",
  },
};
