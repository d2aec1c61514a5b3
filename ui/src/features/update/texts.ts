/** New programs. */
export default {
  zh: {
    title: "程序更新", here: "现在是 {version} 版。", how: "新版由区里发布，可以联网下载，也可以用U盘拷来的发布文件（.nhu）。", howLocked: "请选择从U盘拷来的发布文件（.nhu）；联网下载要先打开台账。",
    ask: "看看有没有新版", choose: "选择发布文件…", none: "区里没有比现在更新的程序。", version: "新版 {version}（{at}）", size: "共 {size}，还没有下载。", partly: "已下载 {came}，共 {size}；可以接着下载。", checked: "{size}，签名和内容都已核对。",
    fetch: "下载", fetchOn: "接着下载", install: "安装并重新打开", safe: "先试着启动新程序，启动成功才换掉原来的；启动不了就还用原来的。记录不受影响，打开后照常输入 PIN。",
    offered: "程序更新",
  },
  en: {
    title: "Program update", here: "This is version {version}.", how: "New versions come from the district: over the network, or in a release file (.nhu) on a stick.", howLocked: "Choose a release file (.nhu) from a stick; to fetch one over the network, open the ledger first.",
    ask: "Look for a new version", choose: "Choose a release file…", none: "The district has nothing newer than this.", version: "Version {version} ({at})", size: "{size}, not fetched yet.", partly: "{came} of {size} fetched; it can go on.", checked: "{size}; signature and contents were checked.",
    fetch: "Fetch", fetchOn: "Go on fetching", install: "Install and reopen", safe: "The new program is started once before it replaces the old one; if it does not start, the old one stays. The records are not touched, and the PIN stays as it is.",
    offered: "Program update",
  },
};
