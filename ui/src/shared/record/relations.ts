/**
 * Which kinds hang on which: read from the catalog's references, so that a new
 * kind is offered on the page of what it belongs to without a word of code.
 */
import type { Field, Fields, Kind, Shown } from "@/backend";

/** A kind, and its field that names the record above it. */
export interface Relation {
  kind: Kind;
  field: Field;
}

const refers = (field: Field) => field.type === "reference" || field.type === "references";

/** The kinds with a field that points to `name`, each by its first such field. */
export function relationsTo(kinds: Kind[], name: string, without: string[] = []): Relation[] {
  return kinds.flatMap((kind) => {
    if (kind.kind === name || without.includes(kind.kind)) return [];
    const field = kind.field.find((one) => refers(one) && one.to === name && !one.hidden);
    return field ? [{ kind, field }] : [];
  });
}

/** What a field of the relation says to mean `record`. */
export function meaning(field: Field, record: Shown): string {
  return field.by ? String(record.fields[field.by] ?? "") : record.id;
}

/**
 * What a new record of the relation begins with: the record above it, and what
 * both name under the same word (a facility of a works stands in its village).
 */
export function beginning({ kind, field }: Relation, above: Kind, record: Shown): Fields {
  const given: Fields = {};
  for (const one of kind.field) {
    const same = above.field.find((other) => other.name === one.name && other.to === one.to);
    if (refers(one) && same && typeof record.fields[same.name] === "string") given[one.name] = record.fields[same.name];
  }
  given[field.name] = meaning(field, record);
  return given;
}

/** The day that a record is about: the first date of its list's columns, else the first date of its form. */
export function dayOf(kind: Kind, record: Shown): string | null {
  const dates = kind.field.filter((field) => field.type === "date");
  const listed = kind.list.flatMap((name) => dates.filter((field) => field.name === name));
  const found = [...listed, ...dates].find((field) => typeof record.fields[field.name] === "string");
  return found ? String(record.fields[found.name]) : null;
}
