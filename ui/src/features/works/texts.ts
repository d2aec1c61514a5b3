/** Remediation works. */
export default {
  zh: { category: "类别", village: "村", find: "在工程里找", clear: "清除筛选", newOne: "新建工程", import: "导入", export: "导出", none: "这里放各村的整治工程：污水、垃圾、黑臭水体等。新建一项，或从原有的 Excel 表导入。", noneMatch: "没有符合条件的工程。", overview: "概况", progress: "进度", photos: "照片", history: "历史", ownPhotos: "工程照片", newTitle: "新建整治工程", back: "返回列表", missing: "这台电脑上没有这项工程。" },
  en: { category: "Category", village: "Village", find: "Find in works", clear: "Clear filters", newOne: "New works", import: "Import", export: "Export", none: "The remediation works of the villages belong here: sewage, waste, black-odour water and so on. Add one, or import the Excel table you have.", noneMatch: "No works match.", overview: "Overview", progress: "Progress", photos: "Photos", history: "History", ownPhotos: "Photos of the works", newTitle: "New works", back: "Back to the list", missing: "These works are not on this laptop." },
};
