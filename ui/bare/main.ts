/**
 * The page of the bare window that `cargo xtask bench window` measures ours
 * against: the libraries and the Element Plus components that `src/main.ts`
 * reaches without a lazy import, installed in the same way, and nothing of ours.
 * What our first screen comes to load is added here too, and never more, or the
 * comparison would flatter us (`tests/bare.test.ts` keeps it).
 */
import "element-plus/theme-chalk/base.css";
import "element-plus/theme-chalk/dark/css-vars.css";

import { QueryClient, VueQueryPlugin } from "@tanstack/vue-query";
import { ElButton, ElCheckbox, ElIcon, ElInput, ElMessageBox } from "element-plus";
import { createApp } from "vue";
import { createI18n } from "vue-i18n";
import { createRouter, createWebHashHistory } from "vue-router";

import BareWindow from "./BareWindow.vue";
import Rows from "./Rows.vue";

const i18n = createI18n({
  legacy: false,
  locale: "zh",
  messages: { zh: { title: "对照窗口", name: "名称", amount: "金额", done: "完成" } },
});
const router = createRouter({ history: createWebHashHistory(), routes: [{ path: "/:rest(.*)*", component: Rows }] });
const app = createApp(BareWindow);
// By name, so that the build keeps what the page itself has no use for.
for (const part of [ElButton, ElCheckbox, ElIcon, ElInput]) app.component(part.name ?? "", part);
app.use(i18n).use(router).use(VueQueryPlugin, { queryClient: new QueryClient() }).use(ElMessageBox).mount("#app");
