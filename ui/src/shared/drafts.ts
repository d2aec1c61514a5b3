/**
 * What was typed and not saved yet, form by form, so that neither a closed
 * window nor a lock loses it. A form asks for its draft as it opens, so all are
 * at hand in memory; they last in the laptop's encrypted database, since what is
 * typed here is about people. Locked, the window knows none of them.
 */
import { onScopeDispose, reactive, readonly, ref, watch, type Ref } from "vue";

import { useBackend, type Backend, type Draft, type ErrorView, type Fields } from "@/backend";

/** How long an edit may be in memory only, in milliseconds. */
const SOON = 300;

const kept = new Map<string, Draft>();
/** The forms whose draft the laptop has not taken as it now stands. */
const due = reactive(new Set<string>());
const refusal = ref<ErrorView | null>(null);
let laptop: Backend | null = null;
let timer: ReturnType<typeof setTimeout> | undefined;
/** One write after the other, or a draft that was dropped last could be kept last. */
let writing = Promise.resolve();

/** Why drafts could not be read or kept, while that is so. */
export const draftRefusal = readonly(refusal);

/** Has the drafts at hand for as long as the laptop is `open`; says when they are. */
export function useDrafts(open: Ref<boolean>): Readonly<Ref<boolean>> {
  const backend = useBackend();
  const atHand = ref(false);
  watch(
    open,
    async (now) => {
      atHand.value = false;
      if (!now) return closeDrafts();
      await openDrafts(backend);
      atHand.value = true;
    },
    { immediate: true },
  );
  // The moments after which the window may be gone.
  const write = () => void writeDrafts();
  const moments = ["focusout", "blur", "pagehide", "visibilitychange"];
  for (const moment of moments) window.addEventListener(moment, write);
  onScopeDispose(() => moments.forEach((moment) => window.removeEventListener(moment, write)));
  return readonly(atHand);
}

export async function openDrafts(backend: Backend): Promise<void> {
  closeDrafts();
  laptop = backend;
  const answer = await backend.drafts();
  if (laptop !== backend) return; // Locked again meanwhile.
  if (answer.ok) for (const draft of answer.value) kept.set(draft.name, draft);
  else refusal.value = answer.error;
}

/** Forgets all of them here; the laptop keeps what it was given. */
export function closeDrafts(): void {
  clearTimeout(timer);
  timer = undefined;
  laptop = null;
  kept.clear();
  due.clear();
  refusal.value = null;
}

export function keepDraft(name: string, fields: Fields): void {
  // A copy, as it will come back: the form goes on changing its own.
  kept.set(name, { name, at: new Date().toISOString(), fields: JSON.parse(JSON.stringify(fields)) as Fields });
  writeSoon(name);
}

export function keptDraft(name: string): Draft | null {
  return kept.get(name) ?? null;
}

export function dropDraft(name: string): void {
  if (kept.delete(name)) writeSoon(name);
}

/** Whether the laptop has this draft, or its absence, as it now stands. */
export function isWritten(name: string): boolean {
  return !due.has(name);
}

/** Gives the laptop at once what it has not got yet. */
export function writeDrafts(): Promise<void> {
  clearTimeout(timer);
  timer = undefined;
  writing = writing.then(write);
  return writing;
}

/** Not put off by further edits: someone who types without a pause is covered as well. */
function writeSoon(name: string): void {
  due.add(name);
  timer ??= setTimeout(() => void writeDrafts(), SOON);
}

async function write(): Promise<void> {
  for (const name of [...due]) {
    const [to, draft] = [laptop, kept.get(name)];
    if (!to) return;
    const answer = draft ? await to.keepDraft(name, draft.fields) : await to.dropDraft(name);
    if (laptop !== to) return;
    refusal.value = answer.ok ? null : answer.error;
    if (!answer.ok) return; // Tried again at the next moment.
    if (kept.get(name) === draft) due.delete(name); // Else it was edited meanwhile, and stays due.
  }
}
