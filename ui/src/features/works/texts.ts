/** Remediation works. */
export default {
  zh: { village: "村", newOne: "新建工程", none: "这里放各村的整治工程：污水、垃圾、黑臭水体等。新建一项，或从原有的 Excel 表导入。", overview: "概况", progress: "进度", photos: "照片", timeline: "时间线", related: "合同、验收与管护", history: "历史", ownPhotos: "工程照片", newTitle: "新建整治工程", back: "返回列表", missing: "这台电脑上没有这项工程。" },
  en: { village: "Village", newOne: "New works", none: "The remediation works of the villages belong here: sewage, waste, black-odour water and so on. Add one, or import the Excel table you have.", overview: "Overview", progress: "Progress", photos: "Photos", timeline: "Timeline", related: "Linked records", history: "History", ownPhotos: "Photos of the works", newTitle: "New works", back: "Back to the list", missing: "These works are not on this laptop." },
};
