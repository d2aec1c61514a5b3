/** One record as a page shows it. */
import { useQuery } from "@tanstack/vue-query";
import { computed, type Ref } from "vue";

import { Refused, unwrap, useBackend } from "@/backend";

export function useRecord(id: Ref<string>) {
  const backend = useBackend();
  const { data, error } = useQuery({
    queryKey: computed(() => ["show", id.value]),
    queryFn: async () => unwrap(await backend.show(id.value)),
  });
  return { record: data, refusal: computed(() => (error.value instanceof Refused ? error.value.view : null)) };
}
