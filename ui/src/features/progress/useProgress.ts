/** The dated entries of one works, newest first. */
import { useQuery } from "@tanstack/vue-query";
import { computed, type Ref } from "vue";

import { unwrap, useBackend, type Query } from "@/backend";

/** A works is reported on some dozen times; a daily diary of a year still fits. */
const ALL = 500;

export function useProgress(works: Ref<string>) {
  const backend = useBackend();
  const query = computed<Query>(() => ({ kind: "progress", filters: { works: works.value }, sort: "-date", limit: ALL, offset: 0 }));
  const { data } = useQuery({ queryKey: computed(() => ["list", query.value]), queryFn: async () => unwrap(await backend.list(query.value)) });
  return { entries: computed(() => data.value?.records ?? []), loaded: computed(() => data.value !== undefined) };
}
