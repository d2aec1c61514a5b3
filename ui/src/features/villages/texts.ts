/** Townships and villages. */
export default {
  zh: { onlyPilots: "只看试点", pilot: "试点", table: "列表", photos: "照片", money: "各年资金", find: "找村", none: "这里放试点的乡镇和行政村。同步后会收到区里的村名单，也可以自己新建或从表格导入。", newOne: "新建行政村", import: "导入", indicators: "指标", dossier: "一村一档", related: "设施、验收、公示…", figures: "基本情况", worksHere: "整治工程", newWorks: "在本村新建工程", noWorks: "本村还没有整治工程。", history: "历史" },
  en: { onlyPilots: "Pilots only", pilot: "Pilot", table: "Table", photos: "Photos", money: "Money by year", find: "Find a village", none: "Pilot townships and villages belong here. The district's list arrives with the first sync; you can also add one or import a table.", newOne: "New village", import: "Import", indicators: "Indicators", dossier: "Village file", related: "Linked records", figures: "Basic data", worksHere: "Works", newWorks: "New works here", noWorks: "No works in this village yet.", history: "History" },
};
