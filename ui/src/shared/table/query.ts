/** What a list asks for: chips, order and page as one query, and sums that say what they sum. */
import type { Field, Kind, Query, Shown } from "@/backend";

export const PAGE_SIZE = 100;

export interface ListState {
  kind: string;
  /** Chips by field; an empty one does not filter. */
  chips: Record<string, string>;
  /** A field, with a leading `-` when turned round. */
  sort: string | null;
  /** From 1. */
  page: number;
}

export function buildQuery(list: ListState, size = PAGE_SIZE): Query {
  const filters = Object.fromEntries(Object.entries(list.chips).filter(([, value]) => value !== ""));
  return { kind: list.kind, filters, sort: list.sort, limit: size, offset: (Math.max(1, list.page) - 1) * size };
}

/** The order after a click on a heading: ascending, descending, by age. */
export function nextSort(now: string | null, field: string): string | null {
  if (now === field) return `-${field}`;
  return now === `-${field}` ? null : field;
}

/** Whether `record` passes the chips; for records that came from a search, not from a list. */
export function passes(record: Shown, chips: Record<string, string>): boolean {
  return Object.entries(chips).every(([name, value]) => {
    if (value === "") return true;
    if (name === "state") return record.state === value;
    if (name === "sync") return record.sync === value;
    if (name === "scope") return record.scope === value;
    return record.fields[name] === value;
  });
}

export interface Column {
  name: string;
  field: Field;
  /** Figures stand on the right. */
  figure: boolean;
}

/** The kind's list columns, in its order. */
export function columnsOf(kind: Kind): Column[] {
  return kind.list.flatMap((name) => {
    const field = kind.field.find((one) => one.name === name);
    return field ? [{ name, field, figure: ["integer", "decimal", "money", "rate"].includes(field.type) }] : [];
  });
}
