/**
 * Decisions about conflicts as they are being made. Nothing is applied before
 * it is confirmed; a decision that is half made says so.
 */
import { reactive } from "vue";

import type { ConflictView, Decision, Fields } from "@/backend";

export type Take = "standing" | "parked" | "other";

interface Choice {
  take: Take;
  /** What stands in the fields of "other", starting from the parked values. */
  values: Fields;
}

export function useDecisions() {
  const choices = reactive<Record<string, Choice>>({});

  function choose(conflict: ConflictView, take: Take): void {
    const before = choices[conflict.id];
    choices[conflict.id] = { take, values: before?.values ?? { ...conflict.parked.values } };
  }
  function write(conflict: ConflictView, field: string, value: unknown): void {
    choose(conflict, "other");
    choices[conflict.id].values[field] = value;
  }
  const chosen = (conflict: ConflictView): Choice | undefined => choices[conflict.id];

  /** The decision to send, once one was chosen. */
  function decision(conflict: ConflictView): Decision | null {
    const choice = choices[conflict.id];
    if (!choice) return null;
    if (choice.take !== "other") return { take: choice.take };
    const values = Object.fromEntries(conflict.fields.map((name) => [name, choice.values[name] ?? null]));
    return { take: "other", values };
  }
  function forget(conflict: ConflictView): void {
    delete choices[conflict.id];
  }

  return { choose, write, chosen, decision, forget };
}

/** Whether another value can be typed in: a lifecycle and a deletion are one of the two, or left. */
export function canWriteOther(conflict: ConflictView): boolean {
  return conflict.fields.every((name) => !name.startsWith("@"));
}
