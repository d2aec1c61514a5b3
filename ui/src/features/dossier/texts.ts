/** 一村一档: what is there, what is missing, and writing it. */

/** The template of a village's summary, by the name that the program ships it under. */
export const VILLAGE_TABLE = "一村一档";

export default {
  zh: {
    score: "齐全 {have}/{wanted}", missing: "还缺 {count} 项", whole: "已齐全", spare: "可有", none: "没有", files: "{count} 个文件", notHere: "{count} 个不在本机",
    write: "写出一村一档", asFolder: "文件夹（含原件）", asPdf: "一份 PDF", asTable: "摘要表（Excel）…", to: "存到", into: "放在这个文件夹下", writeFolder: "写出文件夹", writePdf: "写出 PDF", written: "✔ 已写到 {path}：原件 {files} 个，PDF {pages} 页。", absent: "这些文件还不在本机，没有写进去：{names}。", 
  },
  en: {
    score: "{have}/{wanted} complete", missing: "{count} missing", whole: "Complete", spare: "optional", none: "none", files: "{count} file | {count} files", notHere: "{count} not on this laptop",
    write: "Write the village file", asFolder: "A folder (with originals)", asPdf: "One PDF", asTable: "Summary (Excel)…", to: "Save to", into: "Below this folder", writeFolder: "Write the folder", writePdf: "Write the PDF", written: "✔ Written to {path}: {files} originals, a PDF of {pages} pages.", absent: "These files are not on this laptop and were left out: {names}.", 
  },
};
