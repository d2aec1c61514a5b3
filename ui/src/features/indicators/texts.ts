/** Figures with their numerator, denominator, date and 口径, and the records behind them. */
export default {
  zh: {
    asOf: "截至", name: "指标", rate: "比率", counts: "分子 / 分母", date: "截至日期", goal: "目标", records: "依据", recordsCount: "{count} 条", none: "没有可计算的指标。",
    met: "✔ 达到", notMet: "✘ 未达到", open: "— 无法判断", goalAtLeast: "{goal}（≥{atLeast}%）",
    basis: "口径", recordedBases: "记录自己写的口径", mixed: "口径不止一种，合在一起只能参考。", oldest: "其中最早的数据截至 {date}。", source: "依据", inferred: "推断的规则，区里可改",
    counted: "计入分子", rest: "只计入分母", leftOut: "没有计入", nothing: "没有", notRate: "分母为 0，不出比率。", fold: "收起", scopes: "按本机已有的记录计算：{scopes}。",
    why_notRecorded: "没有填写", why_later: "数据晚于截止日期", why_noHouseholds: "村里没有填户数", why_noHouseholdsServed: "没有填受益户数", why_undated: "没有日期", why_notClosed: "还没有销号", why_notChecked: "没有检查记录", why_noConclusion: "没有结论", why_beyondLimit: "超过排放限值",
  },
  en: {
    asOf: "As of", name: "Indicator", rate: "Rate", counts: "Counted / of", date: "As of", goal: "Goal", records: "Records", recordsCount: "{count}", none: "No indicator can be computed.",
    met: "✔ Met", notMet: "✘ Not met", open: "— Cannot be judged", goalAtLeast: "{goal} (≥{atLeast}%)",
    basis: "What counts", recordedBases: "As the records themselves say", mixed: "More than one way of counting; the sum is only a guide.", oldest: "The oldest of the data is of {date}.", source: "Source", inferred: "An inferred rule; the district may change it",
    counted: "In the numerator", rest: "In the denominator only", leftOut: "Left out", nothing: "None", notRate: "The denominator is 0, so there is no rate.", fold: "Fold", scopes: "Computed from the records on this laptop: {scopes}.",
    why_notRecorded: "not recorded", why_later: "later than the date", why_noHouseholds: "the village has no number of households", why_noHouseholdsServed: "no households served recorded", why_undated: "undated", why_notClosed: "not closed yet", why_notChecked: "never checked", why_noConclusion: "no conclusion", why_beyondLimit: "beyond the limit",
  },
};
