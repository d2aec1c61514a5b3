/**
 * Edits that are not saved yet. A form says that it has some; the router asks
 * before it leaves. What was typed is also kept as a draft, record by record,
 * so that a closed window or a lock loses nothing.
 */
import { onBeforeUnmount, watch, type Ref } from "vue";

import type { Fields } from "@/backend";

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

export interface Draft {
  /** When it was last typed in, RFC 3339. */
  at: string;
  /** The edited fields only. */
  fields: Fields;
}

const key = (name: string) => `nonghuan.draft.${name}`;

export function keepDraft(name: string, fields: Fields): void {
  const draft: Draft = { at: new Date().toISOString(), fields };
  localStorage.setItem(key(name), JSON.stringify(draft));
}

export function keptDraft(name: string): Draft | null {
  const text = localStorage.getItem(key(name));
  if (!text) return null;
  try {
    return JSON.parse(text) as Draft;
  } catch {
    dropDraft(name); // Written by a version that is gone, or by half.
    return null;
  }
}

export function dropDraft(name: string): void {
  localStorage.removeItem(key(name));
}
