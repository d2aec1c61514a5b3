/** What a list asks for: chips, words and order as one query; and which columns stand in it. */
import type { Field, FieldType, Kind, Query } from "@/backend";

import { STATE } from "../catalog";

export interface ListState {
  kind: string;
  /** Chips by field; an empty one does not filter. */
  chips: Record<string, string>;
  /** What was typed into the list's search. */
  words: string;
  /** A field, with a leading `-` when turned round. */
  sort: string | null;
}

/** The whole list, whatever part of it is then read; `base` holds for as long as the list stands in its place. */
export function buildQuery(list: ListState, base: Record<string, string> = {}): Query {
  const chips = Object.fromEntries(Object.entries(list.chips).filter(([, value]) => value !== ""));
  const words = list.words.trim();
  return { kind: list.kind, filters: { ...chips, ...base }, ...(words ? { find: words } : {}), sort: list.sort, limit: null, offset: null };
}

/** The order after a click on a heading: ascending, descending, by age. */
export function nextSort(now: string | null, field: string): string | null {
  if (now === field) return `-${field}`;
  return now === `-${field}` ? null : field;
}

export interface Column {
  name: string;
  /** `null` for the lifecycle's state. */
  field: Field | null;
  /** Figures stand on the right. */
  figure: boolean;
  /** In pixels; the title takes what is left besides. */
  width: number;
  /** The list can be ordered by it without reading every record. */
  sortable: boolean;
}

const FIGURES: FieldType[] = ["integer", "decimal", "money", "rate"];
const WIDTHS: Partial<Record<FieldType, number>> = { integer: 104, decimal: 112, money: 118, rate: 96, date: 108, month: 92, yes_no: 76, choice: 132, reference: 148 };
/** A file, a point on the map, a conversation: nothing that fits a cell. */
const NO_CELL: FieldType[] = ["attachments", "place", "remarks"];

/** The fields that a list of this kind can show. */
export function columnsOffered(kind: Kind): string[] {
  const fields = kind.field.filter((field) => !field.hidden && !NO_CELL.includes(field.type)).map((field) => field.name);
  return kind.state.length > 0 ? [...fields, STATE] : fields;
}

/** What a list shows until the person chooses. */
export function columnsAtFirst(kind: Kind): string[] {
  return kind.state.length > 0 ? [...kind.list, STATE] : kind.list;
}

/** Columns by name, in this order; a name that the catalog has no longer is passed over. */
export function columnsOf(kind: Kind, names: string[] = kind.list): Column[] {
  return names.flatMap((name): Column[] => {
    if (name === STATE) return [{ name, field: null, figure: false, width: 116, sortable: true }];
    const field = kind.field.find((one) => one.name === name);
    if (!field) return [];
    const width = name === kind.title ? 220 : name === kind.key ? 138 : (WIDTHS[field.type] ?? 150);
    return [{ name, field, figure: FIGURES.includes(field.type), width, sortable: isIndexed(kind, field) }];
  });
}

/** As the laptop's lists keep their order: what is shown at first, what names, what refers. */
function isIndexed(kind: Kind, field: Field): boolean {
  if (["choices", "references", "rate", ...NO_CELL].includes(field.type)) return false;
  return kind.list.includes(field.name) || [kind.key, kind.title].includes(field.name) || field.type === "reference";
}

/** The columns that have a sum: amounts and counts of something, not years or shares. */
export function summed(columns: Column[]): string[] {
  const adds = ({ field }: Column) => field?.type === "money" || ((field?.type === "integer" || field?.type === "decimal") && field.unit !== null && field.unit !== "%");
  return columns.filter(adds).map((column) => column.name);
}

/** The fields that a chip can filter by: what has few values, and what the record belongs to. */
export function filterable(kind: Kind): Field[] {
  return kind.field.filter((field) => !field.hidden && !field.by && ["choice", "choices", "yes_no", "reference", "references"].includes(field.type));
}

/** The chips that stand over a list until the person puts up more. */
export function chipsAtFirst(kind: Kind): string[] {
  const listed = filterable(kind).filter((field) => kind.list.includes(field.name) && (field.type === "choice" || field.type === "reference"));
  return [...listed.slice(0, 3).map((field) => field.name), ...(kind.state.length > 0 ? ["state"] : []), "sync"];
}
