/**
 * Cells that are edited where they stand, and the way back: Ctrl+Z writes what
 * stood there before, unless somebody wrote something else since.
 */
import { useQueryClient } from "@tanstack/vue-query";
import { ref } from "vue";

import { useBackend, type ErrorView, type Fields, type Shown } from "@/backend";

import { sameValue } from "../value";

interface Step {
  record: string;
  before: Fields;
  after: Fields;
}

/** So many edits can be taken back. */
const DEPTH = 100;

export type Undone = { is: "nothing" } | { is: "undone"; cells: number } | { is: "changedSince" } | { is: "refused"; error: ErrorView };

export function useEdits() {
  const backend = useBackend();
  const queries = useQueryClient();
  const done: Step[][] = [];
  const depth = ref(0);

  /** Writes `edits`; the refusals by record. What was written can be taken back as one. */
  async function write(edits: { record: Shown; fields: Fields }[], told: (done: number) => void = () => {}): Promise<Map<string, ErrorView>> {
    const refused = new Map<string, ErrorView>();
    const steps: Step[] = [];
    for (const [at, { record, fields }] of edits.entries()) {
      const answer = await backend.set(record.id, fields);
      told(at + 1);
      if (answer.ok) {
        const before = Object.fromEntries(Object.keys(fields).map((name) => [name, record.fields[name] ?? null]));
        const after = Object.fromEntries(Object.keys(fields).map((name) => [name, answer.value.fields[name] ?? null]));
        steps.push({ record: record.id, before, after });
      } else {
        refused.set(record.id, answer.error);
      }
    }
    if (steps.length > 0) {
      done.push(steps);
      if (done.length > DEPTH) done.shift();
      depth.value = done.length;
    }
    await queries.invalidateQueries();
    return refused;
  }

  async function undo(): Promise<Undone> {
    const steps = done.pop();
    depth.value = done.length;
    if (!steps) return { is: "nothing" };
    for (const { record, after } of steps) {
      const now = await backend.show(record);
      if (!now.ok) return { is: "refused", error: now.error };
      const same = Object.entries(after).every(([name, value]) => sameValue(now.value.fields[name], value));
      if (!same) return { is: "changedSince" };
    }
    for (const { record, before } of steps) {
      const answer = await backend.set(record, before);
      if (!answer.ok) return { is: "refused", error: answer.error };
    }
    await queries.invalidateQueries();
    return { is: "undone", cells: steps.reduce((sum, step) => sum + Object.keys(step.before).length, 0) };
  }

  return { write, undo, depth };
}
