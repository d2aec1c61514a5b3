/** What an application's page shows beside its form: findings, steps, amount. All are computed anew when a record changes. */
import { keepPreviousData, useQuery } from "@tanstack/vue-query";
import { computed, type Ref } from "vue";

import { Refused, unwrap, useBackend } from "@/backend";

export function useApplication(id: Ref<string>) {
  const backend = useBackend();
  const checked = useQuery({
    queryKey: computed(() => ["check", id.value]),
    placeholderData: keepPreviousData,
    queryFn: async () => unwrap(await backend.check(id.value)),
  });
  const steps = useQuery({
    queryKey: computed(() => ["applicationSteps", id.value]),
    placeholderData: keepPreviousData,
    queryFn: async () => unwrap(await backend.applicationSteps(id.value)),
  });
  const amount = useQuery({
    queryKey: computed(() => ["amount", id.value]),
    placeholderData: keepPreviousData,
    queryFn: async () => unwrap(await backend.amount(id.value, null)),
  });
  const refusal = (error: Ref<Error | null>) => computed(() => (error.value instanceof Refused ? error.value.view : null));
  return {
    findings: computed(() => checked.data.value?.findings ?? []),
    checked: computed(() => checked.data.value !== undefined),
    steps: computed(() => steps.data.value?.steps ?? []),
    amount: computed(() => (amount.error.value ? undefined : amount.data.value)),
    amountRefusal: refusal(amount.error),
    checkRefusal: refusal(checked.error),
  };
}
