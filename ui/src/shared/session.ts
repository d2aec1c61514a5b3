/** Who sits at the laptop, and what they may write. */
import { useQuery } from "@tanstack/vue-query";
import { computed } from "vue";

import { Refused, unwrap, useBackend } from "@/backend";

import { useCatalog } from "./catalog";

export function useSession() {
  const backend = useBackend();
  const { mayWrite } = useCatalog();
  const { data: stage, error } = useQuery({
    queryKey: ["stage"],
    queryFn: async () => unwrap(await backend.stage()),
    staleTime: Infinity,
  });
  const role = computed(() => (stage.value?.stage === "open" ? stage.value.role : ""));
  const person = computed(() => (stage.value && stage.value.stage !== "new" ? stage.value.person : ""));
  const scopes = computed(() => (stage.value?.stage === "open" ? stage.value.scopes : []));
  /** Whether this is a practice ledger. */
  const practice = computed(() => stage.value?.stage === "open" && stage.value.practice);
  /** Why the laptop cannot even say where it stands: a damaged or newer database. */
  const refusal = computed(() => (error.value instanceof Refused ? error.value.view : null));
  return { stage, refusal, role, person, scopes, practice, canWrite: (kind: string) => mayWrite(role.value, kind) };
}
