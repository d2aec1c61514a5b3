/** Practice and its tour. */
export default {
  zh: {
    person: "练习用户", offerTitle: "第一次用？先练十分钟", offer: "用样例数据把记工程、放照片、查缺漏、出申报包走一遍。练习和真台账分开放，不会送到区里，练完一键删除。", begin: "开始练习", later: "以后再说", beforeCode: "还没有注册码？可以先用样例练习。",
    banner: "练习台账", bannerWhy: "全是样例，不会送到区里，结束时全部删除。", end: "结束练习", endTitle: "结束练习？", endAsk: "练习台账连同里面的照片会全部删除，不留痕迹。真台账不受影响。", stay: "继续练习",
    tour: "练习指引", step: "第 {at} 步，共 {of} 步", done: "已完成", next: "下一步", previous: "上一步", show: "带我去", fold: "收起指引", unfold: "打开指引", finish: "练完了，结束练习",
    title_works: "记一项工程", works: "点“带我去”，选村、写名称、选类别，点“保存”。看到“已存到本机”就是存好了，不用等网络。",
    title_photo: "放一张照片", photo: "这项工程还没有照片。点“放入练习照片”，或者把自己的照片拖到工程页的“照片”里。照片原样保存，拍摄时间和位置会自动读出来。", takePhoto: "放入练习照片",
    title_missing: "看看还缺什么", missing: "检查人员会问什么，这里先问：缺整治前照片、久没有进度……每一条都能点进去补。",
    title_application: "改平一份申报", application: "这份申报的资金来源合计比总投资少 5 万元，“检查”里有一条红色的。点进去，把镇级财政改成 69.3 万元再保存，红色的就没了。",
    title_package: "预览并生成申报包", package: "点“预览”看每一页，再点“生成申报包”存成一个文件。包里改一个字节都能核验出来。",
    title_conflict: "两个人改了同一处", conflict: "您和李工都改了合同价，谁的都没丢。左边是现行值，右边是您的，选一个，点“确认”。",
    title_refused: "区里退回了一条", refused: "这项工程已经验收，合同价锁定了，区里没有收您的修改。看清原因，可以改了再送，也可以放弃。您写的内容一直都在。",
    title_sync: "区里收到了什么", sync: "右上角随时显示：本机还有几条没送、有没有冲突和退回。点开就是同步中心。只有拿到区里的回执才算“已到区里”。练习台账不往外送，这几条会一直等着。",
  },
  en: {
    person: "Practice", offerTitle: "New here? Practise for ten minutes", offer: "Record a works, take in a photo, see what is missing and compile an application, on sample data. Practice is kept apart from the real ledger, goes to nobody, and is deleted with one click.", begin: "Begin", later: "Later", beforeCode: "No code yet? You can practise on samples first.",
    banner: "Practice ledger", bannerWhy: "Samples only: nothing goes to the district, all of it is deleted at the end.", end: "End practice", endTitle: "End practice?", endAsk: "The practice ledger and its photos are deleted without a trace. The real ledger is not touched.", stay: "Go on practising",
    tour: "Guide", step: "Step {at} of {of}", done: "Done", next: "Next", previous: "Back", show: "Take me there", fold: "Fold the guide", unfold: "Open the guide", finish: "Done: end practice",
    title_works: "Record a works", works: "Choose “Take me there”, pick a village, type a name, choose a category, save. Once it says “saved on this laptop” it is kept; no network is needed.",
    title_photo: "Take in a photo", photo: "This works has no photo yet. Choose “Take in the practice photo”, or drag one of your own to its photos. It is kept as it is; time and place are read from it.", takePhoto: "Take in the practice photo",
    title_missing: "See what is missing", missing: "What a reviewer would ask stands here first: no photo from before, no progress for long… Each line leads to where it is mended.",
    title_application: "Balance an application", application: "The sources of this application come to 50,000 less than its total: one line of the check is red. Follow it, set the township's share to 693,000 and save, and it is gone.",
    title_package: "Preview and compile", package: "Choose “Preview” to see every page, then compile the package into one file. A single changed byte in it is found.",
    title_conflict: "Two people, one field", conflict: "You and a colleague both changed the contract price; neither is lost. The standing value is at the left, yours at the right: choose one and confirm.",
    title_refused: "The district refused one", refused: "This works was accepted meanwhile and its price is locked, so your change was not taken. Read the reason; edit and send it again, or give it up. What you wrote is kept.",
    title_sync: "What the district has", sync: "At the top right it always says what waits here, and whether anything is in conflict or came back. A click opens the sync centre. Only the district's receipt makes a change “at the district”. Practice is sent nowhere, so these wait for good.",
  },
};
