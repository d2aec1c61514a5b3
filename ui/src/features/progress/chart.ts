/** Where the points of a progress chart lie: time to the right, percent upward. */
import type { Shown } from "@/backend";

export interface Point {
  id: string;
  date: string;
  percent: number;
  x: number;
  y: number;
}

const DAY = 86_400_000;

/** The entries by date within a box of `width` × `height`; a single day stands at the right edge. */
export function points(entries: Shown[], width: number, height: number): Point[] {
  const dated = entries
    .filter((entry) => typeof entry.fields.date === "string" && typeof entry.fields.percent === "number")
    .map((entry) => ({ id: entry.id, date: entry.fields.date as string, percent: entry.fields.percent as number }))
    // Ids carry their order, so of two entries of one day the later written comes last.
    .sort((one, other) => one.date.localeCompare(other.date) || one.id.localeCompare(other.id));
  if (dated.length === 0) return [];
  const at = (date: string) => Date.parse(`${date}T00:00:00Z`) / DAY;
  const first = at(dated[0].date);
  const span = at(dated[dated.length - 1].date) - first;
  return dated.map((one) => ({
    ...one,
    x: span === 0 ? width : ((at(one.date) - first) / span) * width,
    y: height - (Math.max(0, Math.min(100, one.percent)) / 100) * height,
  }));
}
