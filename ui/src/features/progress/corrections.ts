/**
 * Entries are never edited: a new one takes the place of the one it corrects,
 * and both stay. Of two that correct the same entry the later written counts.
 */
import type { Shown } from "@/backend";

/** By entry the one that takes its place, among these; as `domain::views::replaced`. */
export function replaced(entries: Shown[]): Map<string, Shown> {
  const by = new Map<string, Shown>();
  // Ids carry their order.
  for (const entry of [...entries].sort((one, other) => one.id.localeCompare(other.id))) {
    const corrected = entry.fields.corrects as string | undefined;
    if (!corrected || corrected === entry.id) continue;
    const rival = by.get(corrected);
    if (rival && !by.has(rival.id)) by.set(rival.id, entry);
    by.set(corrected, entry);
  }
  return by;
}
