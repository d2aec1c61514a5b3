/** Moments of a works in the order of their days: its own dates, its moves, and every record that hangs on it. */
import type { HistoryEntry, Kind, Shown } from "@/backend";
import { dayOf } from "@/shared/record/relations";

export interface Moment {
  /** `YYYY-MM-DD`; `null` for a record that names no day. */
  day: string | null;
  /** What it is: a date of the works' own, a move of it, or a record. */
  is: "plan" | "fact" | "move" | "record";
  /** The date's field, the state, or the record's id. */
  name: string;
  record?: Shown;
  kind?: Kind;
}

const OWN = [
  ["planned_start", "plan"],
  ["planned_end", "plan"],
  ["actual_start", "fact"],
  ["actual_end", "fact"],
] as const;

/** The latest day first, and what has no day at the end. */
export function moments(works: Shown, related: { kind: Kind; records: Shown[] }[], history: HistoryEntry[]): Moment[] {
  const own = OWN.flatMap(([name, is]): Moment[] => (typeof works.fields[name] === "string" ? [{ day: works.fields[name], is, name }] : []));
  const moves = history.flatMap((entry): Moment[] => (typeof entry.after["@state"] === "string" && entry.before["@state"] ? [{ day: entry.at.slice(0, 10), is: "move", name: entry.after["@state"] }] : []));
  const seen = new Set<string>();
  const records = related.flatMap(({ kind, records }) =>
    records.flatMap((record): Moment[] => {
      if (seen.has(record.id)) return []; // One that hangs on two of the works' contracts is still one.
      seen.add(record.id);
      return [{ day: dayOf(kind, record), is: "record", name: record.id, record, kind }];
    }),
  );
  return [...own, ...moves, ...records].sort((one, other) => (one.day === null ? 1 : other.day === null ? -1 : other.day.localeCompare(one.day)));
}

/** A planned date that has passed while its counterpart is empty. */
export function isLate(moment: Moment, works: Shown, today: string): boolean {
  if (moment.is !== "plan" || moment.day === null || moment.day >= today) return false;
  return !works.fields[moment.name.replace("planned", "actual")];
}
