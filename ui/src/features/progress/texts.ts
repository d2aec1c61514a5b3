/** Progress entries of a works. */
export default {
  zh: { count: "进度 {count} 条", newOne: "填报进度", edit: "修改", none: "这里按日期记进度：形象进度、完成量和照片。填第一条。", paid: "完成投资 {amount} 万元", chart: "形象进度随日期的变化" },
  en: { count: "{count} entries", newOne: "Report progress", edit: "Edit", none: "Progress is kept here by date: percentage, quantity done and photos. Add the first entry.", paid: "invested {amount} × 10k yuan", chart: "Progress by date" },
};
