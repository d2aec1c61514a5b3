/** The lines of the sync centre: what each counts, and which one is open. */
import { computed, ref, watch } from "vue";

import { printBytes, printNumber } from "@/shared/format/numbers";

import { useStatus } from "./useStatus";

export const LINES = ["waiting", "files", "arrived", "refused", "conflicts", "sticks", "log"] as const;
export type Line = (typeof LINES)[number];

/** `asked` is the line that was asked for from outside, if one was. */
export function useLines(asked: () => string | undefined) {
  const { status } = useStatus();
  const chosen = ref<Line | null>(null);
  watch(asked, (line) => (chosen.value = LINES.find((one) => one === line) ?? null), { immediate: true });

  /** What needs a person comes first, until he chooses another line. */
  const open = computed<Line>(() => {
    if (chosen.value) return chosen.value;
    const now = status.value;
    if (now && now.conflicts > 0) return "conflicts";
    if (now && now.refused > 0) return "refused";
    return now && now.pending === 0 && now.attachments.files > 0 ? "files" : "waiting";
  });
  const counts = computed<Partial<Record<Line, string>>>(() => {
    const now = status.value;
    if (!now) return {};
    const { files, bytes } = now.attachments;
    return {
      waiting: printNumber(now.pending),
      files: files > 0 ? `${printNumber(files)} · ${printBytes(bytes)}` : "0",
      refused: printNumber(now.refused),
      conflicts: printNumber(now.conflicts),
    };
  });
  return { open, counts, choose: (line: Line) => (chosen.value = line) };
}
