/** Files that were opened by a double click or dropped on the program: a bundle is read, a release is looked into, a package is checked. */
import { onBeforeUnmount, onMounted } from "vue";
import { useRouter } from "vue-router";

import { useBackend } from "@/backend";

export function useOpenedFiles(): void {
  const backend = useBackend();
  const router = useRouter();
  let stop: (() => void) | undefined;

  async function take(): Promise<void> {
    const answer = await backend.openedFiles();
    const file = answer.ok ? answer.value.at(-1) : undefined;
    if (!file) return;
    // A reply on several parts is opened by any of them, and read from its first.
    const first = file.replace(/(\.nhb)\.\d{3,}$/i, "$1");
    if (/\.nhb$/i.test(first)) await router.push({ path: "/sync", query: { bundle: first } });
    else if (/\.nhu$/i.test(file)) await router.push({ path: "/update", query: { file } });
    else await router.push({ path: "/verify", query: { file } });
  }
  onMounted(async () => {
    stop = await backend.onFilesOpened(() => void take());
    await take();
  });
  onBeforeUnmount(() => stop?.());
}
