/** Help: the manual beside the page. */
export default {
  zh: { help: "帮助", open: "帮助（F1）", close: "关闭帮助", find: "在手册里查找", contents: "目录", none: "手册里没有“{words}”。换个词试试，例如 照片、冲突、U盘。", found: "找到 {count} 处", print: "打印这一页", practise: "用样例练习十分钟", enlarge: "放大图片" },
  en: { help: "Help", open: "Help (F1)", close: "Close help", find: "Search the manual", contents: "Contents", none: "The manual has nothing on “{words}”. Try another word, such as photo, conflict or stick.", found: "{count} places", print: "Print this page", practise: "Practise on samples for ten minutes", enlarge: "Enlarge the picture" },
};
