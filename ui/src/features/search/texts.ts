/** The search box. */
export default {
  zh: { placeholder: "搜索村、工程、申报", none: "没有找到“{words}”。换个词，或少写几个字试试。" },
  en: { placeholder: "Search villages, works, applications", none: "Nothing found for “{words}”. Try another word, or fewer." },
};
