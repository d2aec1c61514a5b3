/** The pages and their addresses. Hash history: the window is a file, not a site. */
import { createRouter, createWebHashHistory, type RouteRecordRaw, type RouterHistory } from "vue-router";

import { hasUnsaved, leaveUnsaved, letSavesEnd } from "./shared/unsaved";

const routes: RouteRecordRaw[] = [
  { path: "/", component: () => import("./views/TodayView.vue") },
  { path: "/villages/:id?", component: () => import("./views/VillagesView.vue"), props: true },
  { path: "/works", component: () => import("./views/WorksListView.vue") },
  { path: "/works/new", component: () => import("./views/NewRecordView.vue"), props: (route) => ({ kind: "works", prefill: route.query }) },
  { path: "/works/:id", component: () => import("./views/WorksView.vue"), props: true },
  { path: "/applications", component: () => import("./views/ApplicationsView.vue") },
  { path: "/applications/new", component: () => import("./views/NewRecordView.vue"), props: { kind: "application", prefill: {} } },
  { path: "/applications/:id", component: () => import("./views/ApplicationView.vue"), props: true },
  { path: "/funds", component: () => import("./views/FundsView.vue") },
  { path: "/programmes", component: () => import("./views/ProgrammesView.vue") },
  { path: "/ledger/:kind?", component: () => import("./views/LedgerView.vue"), props: true },
  { path: "/import/:kind", component: () => import("./views/ImportView.vue"), props: true },
  { path: "/new/:kind", component: () => import("./views/NewRecordView.vue"), props: (route) => ({ kind: route.params.kind, prefill: route.query }) },
  { path: "/records/:id", component: () => import("./views/RecordView.vue"), props: true },
  { path: "/month", component: () => import("./views/MonthView.vue") },
  { path: "/duplicates", component: () => import("./views/DuplicatesView.vue") },
  { path: "/findings", component: () => import("./views/FindingsView.vue") },
  { path: "/map", component: () => import("./views/MapView.vue") },
  { path: "/verify", component: () => import("./views/VerifyView.vue") },
  { path: "/update", component: () => import("./views/UpdateView.vue") },
  { path: "/sync", component: () => import("./views/SyncView.vue") },
  { path: "/:rest(.*)*", redirect: "/" },
];

/** `askToLeave` is shown when a form on the page has edits; true leaves. */
export function makeRouter(askToLeave: () => Promise<boolean>, history: RouterHistory = createWebHashHistory()) {
  const router = createRouter({ history, routes });
  router.beforeEach(async (to, from) => {
    if (to.path === from.path || !hasUnsaved()) return true;
    await letSavesEnd();
    if (!hasUnsaved()) return true;
    if (!(await askToLeave())) return false;
    leaveUnsaved();
    return true;
  });
  return router;
}
