/** What two records of a kind say differently, field by field in the form's order. */
import type { Field, Kind, Shown, Value } from "@/backend";
import { isEmpty, sameValue } from "@/shared/value";

export interface Differing {
  field: Field;
  one: Value;
  other: Value;
}

/** Numbers that the laptop gave are of course two, and tell nothing. */
export function differing(kind: Kind, one: Shown, other: Shown): { rows: Differing[]; same: number } {
  const rows: Differing[] = [];
  let same = 0;
  for (const field of kind.field) {
    if (field.hidden || field.given) continue;
    const [a, b] = [one.fields[field.name], other.fields[field.name]];
    if (isEmpty(a) && isEmpty(b)) continue;
    if (sameValue(a, b)) same += 1;
    else rows.push({ field, one: a ?? null, other: b ?? null });
  }
  return { rows, same };
}
