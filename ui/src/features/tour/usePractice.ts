/** Into the practice ledger and out of it. Both begin the page anew. */
import { ref } from "vue";

import { useBackend, type ErrorView } from "@/backend";
import { startAfresh } from "@/shared/afresh";
import { writeDrafts } from "@/shared/drafts";
import { useLanguage } from "@/shared/language";
import { leaveUnsaved, letSavesEnd } from "@/shared/unsaved";

export function usePractice() {
  const backend = useBackend();
  const { t } = useLanguage();
  const busy = ref(false);
  const refusal = ref<ErrorView | null>(null);

  async function change(ask: () => ReturnType<typeof backend.practise>): Promise<void> {
    busy.value = true;
    await letSavesEnd();
    await writeDrafts(); // What was typed belongs to the ledger that is open now.
    const answer = await ask();
    busy.value = false;
    refusal.value = answer.ok ? null : answer.error;
    if (!answer.ok) return;
    leaveUnsaved();
    startAfresh();
  }
  return {
    busy,
    refusal,
    begin: () => change(() => backend.practise(t("tour.person"))),
    end: () => change(() => backend.endPractice()),
  };
}
