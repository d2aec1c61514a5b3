/** Starts the window: the door to the program, the words, the pages. */
import "element-plus/theme-chalk/base.css";
import "element-plus/theme-chalk/dark/css-vars.css";
import "./styles/tokens.css";
import "./styles/base.css";
import "./styles/print.css";

import { QueryCache, QueryClient, VueQueryPlugin } from "@tanstack/vue-query";
import { ElMessageBox } from "element-plus";
import { createApp } from "vue";

import App from "./App.vue";
import { provideBackend, Refused } from "./backend";
import { tauriBackend } from "./backend/tauri";
import { makeI18n } from "./i18n";
import { makeRouter } from "./router";
import { keepDisplay } from "./shared/display";

const i18n = makeI18n();
const { t } = i18n.global;

const queries = new QueryClient({
  // Data lies on this very laptop: it is fresh until it says that it changed.
  defaultOptions: { queries: { staleTime: 30_000, retry: false, refetchOnWindowFocus: false, networkMode: "always" } },
  queryCache: new QueryCache({
    onError(error) {
      // Locked from elsewhere (idle, another window): show the PIN.
      if (error instanceof Refused && error.view.code === "laptopLocked") void queries.invalidateQueries({ queryKey: ["stage"] });
    },
  }),
});

const router = makeRouter(() =>
  ElMessageBox.confirm(t("shared.leaveAsk"), t("shared.leaveTitle"), {
    confirmButtonText: t("shared.leave"),
    cancelButtonText: t("shared.stay"),
  }).then(
    () => true,
    () => false,
  ),
);

keepDisplay(tauriBackend);

const app = createApp(App);
provideBackend(app, tauriBackend);
app.use(i18n).use(router).use(VueQueryPlugin, { queryClient: queries }).mount("#app");

// Forms, rules and all that is shown by them.
void tauriBackend.onRulesChanged(() => {
  void queries.invalidateQueries({ predicate: (query) => !["thumbnail", "stage"].includes(String(query.queryKey[0])) });
});

// The stage is not asked again: while the recovery key is shown, enrolment must not end by itself.
void tauriBackend.onRecordsChanged(() => {
  void queries.invalidateQueries({ predicate: (query) => !["thumbnail", "catalog", "stage"].includes(String(query.queryKey[0])) });
});
