/**
 * Edits that are not saved yet. A form says that it has some; the router asks
 * before it leaves. A save that is under way is let end first: what it writes is
 * no reason to ask. What was typed is kept as a draft besides (`drafts.ts`).
 */
import { onBeforeUnmount, shallowReactive, type Ref } from "vue";

interface Form {
  dirty: Readonly<Ref<boolean>>;
  saving: Set<Promise<unknown>>;
}
const forms = shallowReactive(new Set<Form>());
let leaving = 0;

export function hasUnsaved(): boolean {
  return [...forms].some((form) => form.dirty.value);
}

/** Waits for the saves that are under way, because the person goes on; whatever came of them. */
export async function letSavesEnd(): Promise<void> {
  leaving++;
  await Promise.allSettled([...forms].flatMap((form) => [...form.saving]));
  leaving--;
}

/** Whether somebody waits for a save in order to go on: where the save would lead to is then not wanted. */
export function isLeaving(): boolean {
  return leaving > 0;
}

/** The person chose to leave: the forms on the screen go with their edits kept as drafts. */
export function leaveUnsaved(): void {
  forms.clear();
}

/** Counts this component among those with edits for as long as `dirty` holds; what it answers is told of each save. */
export function useUnsaved(dirty: Readonly<Ref<boolean>>): <T>(save: Promise<T>) => Promise<T> {
  const own: Form = { dirty, saving: new Set() };
  forms.add(own);
  onBeforeUnmount(() => forms.delete(own));
  return (save) => {
    own.saving.add(save);
    return save.finally(() => own.saving.delete(save));
  };
}
