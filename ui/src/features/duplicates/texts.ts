/** Works that may be one: why, side by side, and the answer. */
export default {
  zh: {
    title: "可能重复的工程（{count} 对）", hint: "两台电脑上各登记了一次的工程列在这里，理由写在旁边。合并后两边的记录都保留，可以再拆开。", none: "没有看起来重复的工程。", score: "相像 {score} 分", keep: "保留这一项，并入另一项", two: "确实是两项工程", joinAsk: "保留“{keep}”，把“{other}”并入？不同的内容会写进合并记录，可以再拆开。", join: "合并",
    joined: "✔ 已并入“{name}”。补上 {taken} 项；{differing} 项两边不同，写在合并记录里。", see: "看合并记录", apart: "拆开", item: "项目", by: "登记人：{by}", same: "两边一样的 {count} 项没有列出", recorded: "先登记", later: "后登记",
    why_sameCategory: "类别相同", why_name: "名称相像 {percent}%", why_datesOverlap: "工期重叠 {from} 至 {until}", why_sameContract: "合同号相同 {number}", why_near: "相距 {metres} 米", why_samePhoto: "{count} 张照片相同",
  },
  en: {
    title: "Works that may be one ({count} pairs)", hint: "Works that two laptops may each have recorded, with the reasons. Joining keeps both records, and can be undone.", none: "No works look recorded twice.", score: "{score} points alike", keep: "Keep this one, join the other", two: "They are two works", joinAsk: "Keep “{keep}” and join “{other}” into it? What differs is written into the record of the joining, and it can be undone.", join: "Join",
    joined: "✔ Joined into “{name}”: {taken} fields filled, {differing} differ and are kept in the record of the joining.", see: "See that record", apart: "Take apart", item: "Field", by: "Recorded by {by}", same: "{count} fields are the same and not listed", recorded: "First", later: "Later",
    why_sameCategory: "same category", why_name: "names {percent}% alike", why_datesOverlap: "dates overlap {from} to {until}", why_sameContract: "same contract {number}", why_near: "{metres} m apart", why_samePhoto: "{count} photos the same",
  },
};
