/** Progress entries of a works. */
export default {
  zh: { count: "进度 {count} 条", newOne: "填报进度", correct: "更正", corrected: "已由 {date} 的更正取代", correcting: "填好后作为新的一条保存，取代 {date} 的那一条；原来的照样保留。", none: "这里按日期记进度：形象进度、完成量和照片。填第一条。", paid: "累计完成投资 {amount} 万元", chart: "形象进度随日期的变化" },
  en: { count: "{count} entries", newOne: "Report progress", correct: "Correct", corrected: "Replaced by the correction of {date}", correcting: "Saved as a new entry that takes the place of the one of {date}, which is kept.", none: "Progress is kept here by date: percentage, quantity done and photos. Add the first entry.", paid: "invested so far {amount} × 10k yuan", chart: "Progress by date" },
};
