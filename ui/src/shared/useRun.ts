/** Long work that says how far it has come and can be stopped. */
import { ref } from "vue";

import { useBackend, type Answer, type Run } from "@/backend";

export function useRun() {
  const backend = useBackend();
  /** How many of how many are done; `null` when nothing runs. */
  const progress = ref<{ done: number; of: number } | null>(null);
  const stopping = ref(false);
  let task = "";

  async function run<T>(work: (run: Run) => Promise<Answer<T>>): Promise<Answer<T>> {
    task = crypto.randomUUID();
    stopping.value = false;
    progress.value = { done: 0, of: 0 };
    try {
      return await work({ task, told: (done, of) => (progress.value = { done, of }) });
    } finally {
      progress.value = null;
    }
  }
  async function stop(): Promise<void> {
    stopping.value = true;
    await backend.stop(task);
  }
  return { progress, stopping, run, stop };
}
