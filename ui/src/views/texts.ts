/** The frame: the name of the program and of its rooms. */
export default {
  zh: { brand: "农环台账", brandShort: "农环", tagline: "农村环境综合整治 · 试点、工程、申报", today: "今日", villages: "试点村镇", works: "整治工程", applications: "奖补申报", sync: "同步中心", month: "月调度", map: "地图", content: "内容", related: "相关记录", history: "历史", newTitle: "新建{kind}", fold: "收起或展开", lock: "锁定", language: "语言", manyTownships: "{count} 个乡镇（街道）" },
  en: { brand: "Nonghuan", brandShort: "NH", tagline: "Rural environment: pilots, works, applications", today: "Today", villages: "Villages", works: "Works", applications: "Applications", sync: "Sync centre", month: "Month report", map: "Map", content: "Content", related: "Related", history: "History", newTitle: "New: {kind}", fold: "Fold or unfold", lock: "Lock", language: "Language", manyTownships: "{count} townships" },
};
