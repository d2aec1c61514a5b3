/** A door for a phone's photos: what it says of itself and what came through it. */
import { useQueryClient } from "@tanstack/vue-query";
import { onBeforeUnmount, ref } from "vue";

import { useBackend, type ErrorView, type PhoneEnd, type PhoneNews, type PhoneView } from "@/backend";

/** A photo that came, or did not. */
export interface Arrival {
  name: string;
  is: "kept" | "same" | "notKept";
  code: string;
}

export function usePhone() {
  const backend = useBackend();
  const queries = useQueryClient();
  const view = ref<PhoneView | null>(null);
  const refusal = ref<ErrorView | null>(null);
  const connected = ref(false);
  const coming = ref<{ name: string; bytes: number; of: number } | null>(null);
  const arrivals = ref<Arrival[]>([]);
  const count = ref(0);
  const ended = ref<PhoneEnd | null>(null);
  /** Which opening is meant: news of an earlier door may still be on its way. */
  let turn = 0;

  function hear(of: number, news: PhoneNews): void {
    if (of !== turn) return;
    switch (news.news) {
      case "began":
        connected.value = true;
        break;
      case "coming":
        coming.value = news;
        break;
      case "kept":
        coming.value = null;
        count.value = news.count;
        arrivals.value.unshift({ name: news.name, is: news.same ? "same" : "kept", code: "" });
        break;
      case "notKept":
        coming.value = null;
        arrivals.value.unshift({ name: news.name, is: "notKept", code: news.code });
        break;
      case "ended":
        coming.value = null;
        connected.value = false;
        ended.value = news.by;
        break;
    }
  }
  async function open(id: string, field: string | null): Promise<void> {
    const of = ++turn;
    connected.value = false;
    ended.value = null;
    const answer = await backend.openToPhone(id, field, (news) => hear(of, news));
    view.value = answer.ok ? answer.value : null;
    refusal.value = answer.ok ? null : answer.error;
  }
  async function shut(): Promise<void> {
    turn += 1;
    view.value = null;
    arrivals.value = [];
    count.value = 0;
    await backend.shutPhone();
    await queries.invalidateQueries();
  }
  onBeforeUnmount(() => {
    if (view.value) void shut();
  });

  return { view, refusal, connected, coming, arrivals, count, ended, open, shut };
}
