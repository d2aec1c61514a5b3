/** The figures of one place on one day. */
import { keepPreviousData, useQuery } from "@tanstack/vue-query";
import { computed, type Ref } from "vue";

import { Refused, unwrap, useBackend } from "@/backend";

export function useIndicators(place: Ref<string>, asOf: Ref<string>) {
  const backend = useBackend();
  const { data, error } = useQuery({
    queryKey: computed(() => ["indicators", place.value, asOf.value]),
    placeholderData: keepPreviousData,
    queryFn: async () => unwrap(await backend.indicators(place.value, asOf.value || null)),
  });
  return { figures: data, refusal: computed(() => (error.value instanceof Refused ? error.value.view : null)) };
}
