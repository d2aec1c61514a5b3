/** What a day begins with: works by state, works that stand still, and what the sync waits for. */
import { useQuery } from "@tanstack/vue-query";
import { computed, type Ref } from "vue";

import { unwrap, useBackend, type Backend, type Kind } from "@/backend";

/** A works under way that nobody reported on for so many days is worth a look. */
export const STILL_AFTER_DAYS = 30;
/** So many of them are named. */
const STILL_SHOWN = 20;

async function countByState(backend: Backend, kind: Kind): Promise<Record<string, number>> {
  const count = async (state: string) => unwrap(await backend.list({ kind: kind.kind, filters: { state }, sort: null, limit: 1, offset: 0 })).total;
  const counts = await Promise.all(kind.state.map((state) => count(state.name)));
  return Object.fromEntries(kind.state.map((state, at) => [state.name, counts[at]]));
}

export function useToday(works: Ref<Kind | undefined>) {
  const backend = useBackend();
  const states = useQuery({
    queryKey: ["today", "states"],
    enabled: computed(() => works.value !== undefined),
    queryFn: () => countByState(backend, works.value!),
  });
  const still = useQuery({ queryKey: ["today", "still"], queryFn: async () => unwrap(await backend.standingStill(STILL_AFTER_DAYS, STILL_SHOWN)) });
  return { states: states.data, still: still.data };
}
