/**
 * One form over one record: the edits so far, what could not be read of them,
 * and why the last save was refused. Only edited fields are written, so that
 * two people in two fields never meet.
 */
import { useQueryClient } from "@tanstack/vue-query";
import { computed, reactive, ref, watch } from "vue";

import { useBackend, type Draft, type ErrorView, type Fields, type Kind, type Shown, type Value } from "@/backend";

import { dropDraft, isWritten, keepDraft, keptDraft } from "../drafts";
import type { Problem } from "../fields/problem";
import { useUnsaved } from "../unsaved";
import { sameValue } from "../value";

export interface FormOf {
  kind: Kind;
  /** The record that is edited; a new one is made when absent. */
  record?: Shown;
  /** What a new record starts with. */
  prefill?: Fields;
  /** Which part of the record's form this is, where several stand for one record. */
  part?: string;
}

/** When a record was made here; its own page, which opens next, still says so. */
const justMade = new Map<string, string>();

export function useRecordForm(form: () => FormOf, saved: (record: Shown) => void) {
  const backend = useBackend();
  const queries = useQueryClient();

  const edited = reactive<Fields>({});
  const problems = reactive<Record<string, Problem>>({});
  const refusal = ref<ErrorView | null>(null);
  const saving = ref(false);
  /** What the last save wrote over, while it can be taken back. */
  const lastSaved = ref<{ before: Fields; after: Fields } | null>(null);
  /** Why it was not taken back: somebody has written there since. */
  const changedSince = ref(false);
  /** When it was last saved here, RFC 3339. */
  const savedAt = ref<string | null>(justMade.get(form().record?.id ?? "") ?? null);
  justMade.clear();

  const draftName = nameOfDraft(form());
  const offered = ref<Draft | null>(keptDraft(draftName));
  /** Whether the laptop would still have the edits if the window went now. */
  const draftWritten = computed(() => isWritten(draftName));

  const base = (name: string): Value => (form().record?.fields ?? form().prefill ?? {})[name] ?? null;
  const valueOf = (name: string): Value => (name in edited ? edited[name] : base(name));
  const dirty = computed(() => Object.keys(edited).length > 0 || Object.keys(problems).length > 0);
  const underWay = useUnsaved(dirty);

  function edit(name: string, value: Value): void {
    if (sameValue(value, base(name))) delete edited[name];
    else edited[name] = value;
    if (refusal.value?.fields.field === name) refusal.value = null;
    savedAt.value = null;
    lastSaved.value = null;
    changedSince.value = false;
  }

  function tell(name: string, problem: Problem | null): void {
    if (problem) problems[name] = problem;
    else delete problems[name];
  }

  watch(edited, () => {
    if (Object.keys(edited).length > 0) keepDraft(draftName, { ...edited });
    else if (!offered.value) dropDraft(draftName);
  });

  function takeDraft(): void {
    const names = new Set(form().kind.field.map((field) => field.name));
    for (const [name, value] of Object.entries(offered.value?.fields ?? {})) if (names.has(name)) edit(name, value);
    offered.value = null;
  }

  function forgetDraft(): void {
    offered.value = null;
    dropDraft(draftName);
  }

  /** Saves the edits; the record as it then stands, or nothing when it was not saved. */
  async function save(): Promise<Shown | null> {
    if (saving.value || Object.keys(problems).length > 0) return null;
    return underWay(write());
  }
  async function write(): Promise<Shown | null> {
    const { kind, record, prefill } = form();
    const fields = record ? { ...edited } : { ...prefill, ...edited };
    const before = record ? pick(record.fields, fields) : {};
    saving.value = true;
    const answer = record ? await backend.set(record.id, fields) : await backend.add(kind.kind, fields);
    saving.value = false;
    if (!answer.ok) {
      refusal.value = answer.error;
      return null;
    }
    refusal.value = null;
    queries.setQueryData(["show", answer.value.id], answer.value);
    // What was typed while the save ran stays an edit.
    for (const [name, value] of Object.entries(fields)) if (sameValue(edited[name], value)) delete edited[name];
    offered.value = null;
    if (Object.keys(edited).length === 0) dropDraft(draftName);
    savedAt.value = new Date().toISOString();
    if (!record) justMade.set(answer.value.id, savedAt.value);
    else lastSaved.value = { before, after: pick(answer.value.fields, fields) };
    void queries.invalidateQueries();
    saved(answer.value);
    return answer.value;
  }

  /** Takes the last save back by writing what stood there before, unless somebody wrote something else since. */
  async function undo(): Promise<void> {
    const [last, record] = [lastSaved.value, form().record];
    if (!last || !record || saving.value) return;
    saving.value = true;
    const now = await backend.show(record.id);
    const stands = now.ok && Object.entries(last.after).every(([name, value]) => sameValue(now.value.fields[name], value));
    const answer = stands ? await backend.set(record.id, last.before) : now;
    saving.value = false;
    lastSaved.value = null;
    savedAt.value = null;
    changedSince.value = answer.ok && !stands;
    refusal.value = answer.ok ? null : answer.error;
    if (!answer.ok) return;
    queries.setQueryData(["show", record.id], answer.value);
    void queries.invalidateQueries();
    if (stands) saved(answer.value);
  }

  /** Back to what is saved. */
  function revert(): void {
    for (const name of Object.keys(edited)) delete edited[name];
    for (const name of Object.keys(problems)) delete problems[name];
    refusal.value = null;
    dropDraft(draftName);
  }

  return { edited, problems, refusal, saving, savedAt, lastSaved, changedSince, offered, draftWritten, dirty, valueOf, edit, tell, takeDraft, forgetDraft, save, undo, revert };
}

/** The values that `of` has under the names of `like`. */
function pick(of: Fields, like: Fields): Fields {
  return Object.fromEntries(Object.keys(like).map((name) => [name, of[name] ?? null]));
}

/** A draft of a new record belongs to what the record was started from: an entry of one works is none of another's. */
function nameOfDraft({ kind, record, prefill, part }: FormOf): string {
  if (record) return [kind.kind, record.id, ...(part ? [part] : [])].join(".");
  const under = kind.field.filter((field) => field.type === "reference" && prefill?.[field.name]).map((field) => prefill?.[field.name]);
  return [kind.kind, "new", ...under].join(".");
}
