/** The exchange with the district: the pill, the centre, conflicts, refused drafts. */
export default {
  zh: {
    pillConflict: "冲突 {count}", pillRefused: "退回 {count}", pillSending: "发送中 {count}", pillHere: "本机 {count}", pillFiles: "{files} 个 / {size}", pillSynced: "已同步 {at}", pillNever: "还没有同步",
    status: "同步状态", now: "立即同步", pending: "本机待确认", sending: "发送中", files: "待发附件", conflicts: "冲突", refused: "退回", contact: "区里上次答复", never: "还没有",
    didPush: "发出 {count} 条，都有回执", didPull: "收到 {count} 条", didFill: "首次取得记录 {count} 条", didReturn: "区里从备份恢复，交还 {count} 条", didBeginAnew: "本机从备份恢复，改动已重新编号续报", clockAhead: "这台电脑的时钟快了{span}。同步不受影响，记录的时间会注明不可信；请校准系统时间。", clockBehind: "这台电脑的时钟慢了{span}。同步不受影响，记录的时间会注明不可信；请校准系统时间。", photosLater: "照片以后再传", speed: "照片限速", noLimit: "不限", perSecond: "每秒 {kilobytes} KB", didMerge: "合并 {count} 条", didConflict: "冲突 {count} 条，请在下面决定", didRefuse: "退回 {count} 条，草稿在下面", didWait: "{count} 条等附件到齐", didSend: "送到附件 {count} 个", didReceive: "收到附件 {count} 个", didNothing: "已经是最新的，没有要收发的。", comma: "，", stop: "。",
    district: "区里地址 {address}", letter: "本机字母 {letter}", scope: "{scope}：收到第 {seq} 条",
    conflictsTitle: "冲突 {count}", keys: "按键：1 采用现行，2 采用另一个值，3 另填，N 下一个；确认前什么都不改。", noConflicts: "没有冲突。两台电脑改了同一项时，两个值都会留在这里，等您决定。",
    field: "项目", standing: "区里现行", mine: "我的", theirs: "对方的", takeStanding: "1 采用现行", takeMine: "2 采用我的", takeParked: "2 采用此值", takeOther: "3 另填", settle: "确认",
    refusedTitle: "退回 {count}", noRefused: "没有退回的。区里不能收的修改会作为草稿留在这里，改好可以再报。", mend: "修改后重报", resend: "重报", discard: "放弃", discardAsk: "放弃对“{title}”的这次修改？放弃后不能找回。",
  },
  en: {
    pillConflict: "Conflicts {count}", pillRefused: "Returned {count}", pillSending: "Sending {count}", pillHere: "Here {count}", pillFiles: "{files} files / {size}", pillSynced: "Synced {at}", pillNever: "Not synced yet",
    status: "State of the sync", now: "Sync now", pending: "Not confirmed yet", sending: "Sending", files: "Files to send", conflicts: "Conflicts", refused: "Returned", contact: "District last answered", never: "Never yet",
    didPush: "{count} changes sent and receipted", didPull: "{count} received", didFill: "{count} records came for the first time", didReturn: "{count} entries given back to a district that was restored", didBeginAnew: "this laptop was restored from a backup; its changes were numbered anew and go on", clockAhead: "This laptop's clock is {span} ahead. The sync works all the same, and times written under it are marked; please set the clock.", clockBehind: "This laptop's clock is {span} behind. The sync works all the same, and times written under it are marked; please set the clock.", photosLater: "Photos later", speed: "Speed of photos", noLimit: "No limit", perSecond: "{kilobytes} KB a second", didMerge: "{count} merged", didConflict: "{count} in conflict, decide below", didRefuse: "{count} returned, drafts below", didWait: "{count} wait for their files", didSend: "{count} files sent", didReceive: "{count} files received", didNothing: "Everything is up to date; there was nothing to exchange.", comma: ", ", stop: ".",
    district: "District at {address}", letter: "letter {letter}", scope: "{scope}: up to entry {seq}",
    conflictsTitle: "Conflicts {count}", keys: "Keys: 1 keep what stands, 2 take the other value, 3 write another, N next. Nothing changes before you confirm.", noConflicts: "No conflicts. When two laptops change the same thing, both values are kept here until you decide.",
    field: "Field", standing: "Stands at the district", mine: "Mine", theirs: "Theirs", takeStanding: "1 Keep what stands", takeMine: "2 Take mine", takeParked: "2 Take this", takeOther: "3 Write another", settle: "Confirm",
    refusedTitle: "Returned {count}", noRefused: "Nothing was returned. A change that the district cannot take stays here as a draft, to mend and send again.", mend: "Mend and resend", resend: "Send again", discard: "Discard", discardAsk: "Discard this change of “{title}”? It cannot be brought back.",
  },
};
