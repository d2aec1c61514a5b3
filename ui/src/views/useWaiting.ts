/** What waits for the person, on the program's icon and in its title; and whether the district has a newer program. */
import { useQuery } from "@tanstack/vue-query";
import { computed, watchEffect } from "vue";

import { useBackend } from "@/backend";
import { useStatus } from "@/features/sync/useStatus";
import { useLanguage } from "@/shared/language";

const A_DAY = 24 * 60 * 60 * 1_000;

export function useWaiting() {
  const backend = useBackend();
  const { t } = useLanguage();
  const { status } = useStatus();
  const count = computed(() => (status.value ? status.value.conflicts + status.value.refused : 0));
  watchEffect(() => {
    const brand = t("views.brand");
    void backend.showWaiting(count.value, count.value > 0 ? t("views.waiting", { brand, count: count.value }) : brand);
  });
  /** Asked once a day; a line that is not there is no news. */
  const { data: update } = useQuery({
    queryKey: ["update"],
    queryFn: async () => {
      const answer = await backend.findUpdate();
      return answer.ok ? answer.value : null;
    },
    staleTime: A_DAY,
    refetchInterval: A_DAY,
    retry: false,
  });
  return { update };
}
