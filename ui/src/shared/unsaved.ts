/**
 * Edits that are not saved yet. A form says that it has some; the router asks
 * before it leaves. What was typed is kept as a draft besides (`drafts.ts`).
 */
import { onBeforeUnmount, watch, type Ref } from "vue";

const unsaved = new Set<symbol>();

export function hasUnsaved(): boolean {
  return unsaved.size > 0;
}

/** The person chose to leave: the forms on the screen go with their edits kept as drafts. */
export function leaveUnsaved(): void {
  unsaved.clear();
}

/** Counts this component among those with edits for as long as `dirty` holds. */
export function useUnsaved(dirty: Ref<boolean>): void {
  const own = Symbol("form");
  watch(dirty, (now) => (now ? unsaved.add(own) : unsaved.delete(own)), { immediate: true });
  onBeforeUnmount(() => unsaved.delete(own));
}
