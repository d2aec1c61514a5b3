/** Puts one component on a stage with the words, the pages and a laptop behind it. */
import { QueryClient, VueQueryPlugin } from "@tanstack/vue-query";
import { flushPromises, mount, type VueWrapper } from "@vue/test-utils";
import type { Component } from "vue";
import { createMemoryHistory, createRouter } from "vue-router";

import { provideBackend, type Backend } from "@/backend";
import { makeI18n, type Language } from "@/i18n";

export async function onStage(component: Component, backend: Backend, props: Record<string, unknown> = {}, language: Language = "zh"): Promise<VueWrapper> {
  const queries = new QueryClient({ defaultOptions: { queries: { retry: false } } });
  const router = createRouter({ history: createMemoryHistory(), routes: [{ path: "/:rest(.*)*", component: { render: () => null } }] });
  const wrapper = mount(component, {
    props,
    attachTo: document.body,
    global: {
      plugins: [makeI18n(language), router, [VueQueryPlugin, { queryClient: queries }], { install: (app) => provideBackend(app, backend) }],
    },
  });
  await flushPromises();
  return wrapper;
}

export const byId = (wrapper: VueWrapper, testid: string) => wrapper.find(`[data-testid="${testid}"]`);
