/** What happened to a works, day by day. */
export default {
  zh: { planned: "计划", own: "工程", moved: "转为{state}", plannedStart: "计划开工", plannedEnd: "计划完工", actualStart: "实际开工", actualEnd: "实际完工", undated: "没有日期", none: "还没有带日期的记录。", all: "全部", late: "已过计划日期" },
  en: { planned: "Plan", own: "Works", moved: "Moved to “{state}”", plannedStart: "Planned start", plannedEnd: "Planned end", actualStart: "Actual start", actualEnd: "Actual end", undated: "Undated", none: "No dated record yet.", all: "All", late: "Planned date has passed" },
};
