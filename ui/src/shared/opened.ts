/**
 * Files that were opened from outside, by a double click or with the program:
 * they come once, whichever page is shown, and wait over the PIN for the page
 * that takes them.
 */
import { computed, onBeforeUnmount, onMounted, ref } from "vue";

import { useBackend } from "@/backend";

const files = ref<string[]>([]);

/** A bundle on several parts is opened by any of them, and read from its first. */
const firstPart = (file: string) => file.replace(/(\.nhb)\.\d{3,}$/i, "$1");

export const isBundle = (file: string) => /\.nhb$/i.test(file);
export const isRelease = (file: string) => /\.nhu$/i.test(file);
export const nameOf = (file: string) => file.split(/[\\/]/).pop() ?? file;

export function useOpened() {
  const backend = useBackend();
  let stop: (() => void) | undefined;

  async function hear(): Promise<void> {
    const answer = await backend.openedFiles();
    if (answer.ok && answer.value.length > 0) files.value = [...new Set(answer.value.map(firstPart))];
  }
  onMounted(async () => {
    stop = await backend.onFilesOpened(() => void hear());
    await hear();
  });
  onBeforeUnmount(() => stop?.());

  /** The one that is to be shown: the last of several. */
  const opened = computed(() => files.value.at(-1));
  /** Takes it; how many others were opened with it, which are not. */
  function take(): { file: string; others: number } | null {
    const [file, others] = [files.value.at(-1), files.value.length - 1];
    files.value = [];
    return file ? { file, others } : null;
  }
  return { opened, take };
}
