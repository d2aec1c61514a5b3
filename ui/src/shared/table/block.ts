/**
 * A block of cells to and from a table program: tab-separated lines, as Excel
 * puts them on the clipboard, and the reading of what was pasted by the fields'
 * own rules. What a cell cannot take is said, never guessed at.
 */
import type { Backend, ErrorView, Field, Fields, Kind, Shown, Value } from "@/backend";

import { isLocked } from "../catalog";
import type { Problem } from "../fields/problem";
import { outOfRange, readTyped, type Read } from "../fields/typed";
import { readMoney } from "../format/money";
import { readYesNo } from "../format/yesNo";
import { sameValue } from "../value";
import type { Column } from "./query";

/** Lines of cells as one text; a cell with a break, a tab or a quote stands in quotes. */
export function writeBlock(rows: string[][]): string {
  const cell = (text: string) => (/[\t\n\r"]/.test(text) ? `"${text.replaceAll('"', '""')}"` : text);
  return rows.map((row) => row.map(cell).join("\t")).join("\r\n");
}

/** The cells of what a table program put on the clipboard. */
export function readBlock(text: string): string[][] {
  const rows: string[][] = [[]];
  const end = text.replace(/\r?\n$/, "");
  let at = 0;
  while (at <= end.length) {
    let cell = "";
    if (end[at] === '"') {
      for (at += 1; at < end.length && !(end[at] === '"' && end[at + 1] !== '"'); at += 1) {
        if (end[at] === '"') at += 1;
        cell += end[at];
      }
      at += 1;
    }
    const stop = end.slice(at).search(/[\t\n]/);
    cell += stop < 0 ? end.slice(at) : end.slice(at, at + stop);
    rows.at(-1)!.push(cell.replace(/\r$/, ""));
    if (stop < 0) break;
    if (end[at + stop] === "\n") rows.push([]);
    at += stop + 1;
  }
  return rows;
}

/** A cell that would change, or that cannot. */
export interface CellChange {
  record: Shown;
  field: Field;
  before: Value;
  after: Value;
  /** Names of what `after` refers to. */
  names: Record<string, string>;
  problem: Problem | null;
  /** What the rules say to the record with all its cells changed. */
  refusal: ErrorView | null;
}

/** Pasted text by its field; references are found by their exact title or number. */
export async function readCell(field: Field, pasted: string, backend: Backend, kinds: (name: string) => Kind | undefined): Promise<Read & { names?: Record<string, string> }> {
  const text = pasted.replace(/^'(?=[=+\-@])/, "").trim();
  if (text === "") return { value: null };
  const choice = (said: string) => field.choices.find((one) => [one.value, one.label.zh, one.label.en].some((name) => name.toLowerCase() === said.toLowerCase()))?.value;
  switch (field.type) {
    case "money": {
      const fen = readMoney(text, "wan");
      return fen === null ? { problem: { key: "shared.notMoney" } } : (outOfRange(field, fen) ?? { value: fen });
    }
    case "choice": {
      const value = choice(text);
      return value === undefined ? { problem: { key: "shared.noSuchChoice", blanks: { text } } } : { value };
    }
    case "choices": {
      const said = text.split(/[\u3001,\uff0c;\uff1b]/).map((one) => one.trim()).filter(Boolean);
      const unknown = said.find((one) => choice(one) === undefined);
      return unknown ? { problem: { key: "shared.noSuchChoice", blanks: { text: unknown } } } : { value: said.map((one) => choice(one)) };
    }
    case "yes_no": {
      const value = readYesNo(text);
      return value === null ? { problem: { key: "shared.notYesNo" } } : { value };
    }
    case "reference":
      return found(field, text, backend, kinds);
    case "text":
    case "integer":
    case "decimal":
    case "date":
    case "month":
      return readTyped(field, text);
    default:
      return { problem: { key: "shared.notByPaste" } };
  }
}

async function found(field: Field, text: string, backend: Backend, kinds: (name: string) => Kind | undefined): Promise<Read & { names?: Record<string, string> }> {
  const kind = field.to ? kinds(field.to) : undefined;
  for (const name of kind ? [kind.key, kind.title] : []) {
    if (!name) continue;
    const answer = await backend.list({ kind: kind!.kind, filters: { [name]: text }, sort: null, limit: 2, offset: 0 });
    const records = answer.ok ? answer.value.records : [];
    if (records.length > 1) return { problem: { key: "shared.severalSuch", blanks: { text } } };
    if (records.length === 1) {
      const value = field.by ? String(records[0].fields[field.by] ?? "") : records[0].id;
      return { value, names: { [value]: text } };
    }
  }
  return { problem: { key: "shared.noneSuch", blanks: { text } } };
}

/** What pasting `block` over `rows`, from the first of `columns` on, would change; equal cells are left out. */
export async function planPaste(kind: Kind, rows: Shown[], columns: Column[], block: string[][], backend: Backend, kinds: (name: string) => Kind | undefined): Promise<CellChange[]> {
  const changes: CellChange[] = [];
  const read = new Map<string, Promise<Read & { names?: Record<string, string> }>>(); // One village stands in many lines.
  for (const [line, record] of rows.entries()) {
    for (const [at, { field }] of columns.entries()) {
      const text = block[line]?.[at];
      if (text === undefined || !field) continue;
      const before: Value = record.fields[field.name] ?? null;
      const asked = `${field.name}\u0000${text}`;
      if (!read.has(asked)) read.set(asked, readCell(field, text, backend, kinds));
      const cell = await read.get(asked)!;
      const shut = field.given ? { key: "shared.givenCell" } : isLocked(kind, field.name, record.state) ? { key: "shared.lockedCell" } : null;
      const after = "value" in cell ? cell.value : before;
      const problem = "problem" in cell ? cell.problem : shut;
      if ("problem" in cell || !sameValue(before, after)) changes.push({ record, field, before, after, names: cell.names ?? {}, problem, refusal: null });
    }
  }
  return changes;
}

/** What is written, record by record. */
export function editsOf(changes: CellChange[]): { record: Shown; fields: Fields }[] {
  const edits = new Map<string, { record: Shown; fields: Fields }>();
  for (const { record, field, after, problem } of changes) {
    if (problem) continue;
    if (!edits.has(record.id)) edits.set(record.id, { record, fields: {} });
    edits.get(record.id)!.fields[field.name] = after;
  }
  return [...edits.values()];
}
