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
    const own = crypto.randomUUID();
    task = own;
    stopping.value = false;
    progress.value = { done: 0, of: 0 };
    // How far it is and that it is done come by two ways; the last of the first may be the later.
    const told = (done: number, of: number) => void (task === own && (progress.value = { done, of }));
    try {
      return await work({ task: own, told });
    } finally {
      task = "";
      progress.value = null;
    }
  }
  async function stop(): Promise<void> {
    stopping.value = true;
    await backend.stop(task);
  }
  return { progress, stopping, run, stop };
}
