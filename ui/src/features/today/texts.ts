/** The first page of the day. */
export default {
  zh: { byState: "整治工程 {count} 项", still: "在建、{days} 天没有填进度：{count} 项", noneStill: "在建工程近 {days} 天都填过进度。", more: "还有 {count} 项，见整治工程。" },
  en: { byState: "{count} works", still: "Under way, no progress reported for {days} days: {count}", noneStill: "All works under way were reported on within {days} days.", more: "{count} more in the list of works." },
};
