/** Adding files to a record one after the other, so that one that fails does not take the rest with it. */
import { useQueryClient } from "@tanstack/vue-query";
import { ref } from "vue";

import { useBackend, type ErrorView } from "@/backend";

export interface NotAttached {
  name: string;
  error: ErrorView;
}

export function useAttach() {
  const backend = useBackend();
  const queries = useQueryClient();
  /** How many of how many are done; `null` when nothing runs. */
  const progress = ref<{ done: number; of: number; name: string } | null>(null);
  const failed = ref<NotAttached[]>([]);

  async function attach(id: string, field: string, files: File[]): Promise<void> {
    failed.value = [];
    for (const [at, file] of files.entries()) {
      progress.value = { done: at, of: files.length, name: file.name };
      const bytes = new Uint8Array(await file.arrayBuffer());
      const answer = await backend.attach(id, field, file.name, bytes);
      if (!answer.ok) failed.value.push({ name: file.name, error: answer.error });
    }
    progress.value = null;
    await queries.invalidateQueries();
  }

  return { attach, progress, failed };
}
