/** Months as `YYYY-MM`, and a report's values as a person reads them. */
import type { MonthRow } from "@/backend";

/** The month `by` months after `month`. */
export function monthAfter(month: string, by: number): string {
  const [year, number] = month.split("-").map(Number);
  const at = year * 12 + (number - 1) + by;
  return `${Math.floor(at / 12)}-${String((at % 12) + 1).padStart(2, "0")}`;
}

/** Columns that hold 分. */
export const MONEY_COLUMNS = ["granted", "contractAmount", "paid", "received", "spent"] as const;

/** What a row says in words: why it has not begun, where it stands, or what it does. */
export function saying(row: MonthRow): string {
  if (row.status === "built") return row.effect ?? "";
  return (row.status === "underWay" ? row.stage : row.reason) ?? "";
}

/** What the rows lack, each once, in the order in which it is met. */
export function lacking(rows: MonthRow[]): { rows: number; what: string[] } {
  const what = [...new Set(rows.flatMap((row) => row.missing))];
  return { rows: rows.filter((row) => row.missing.length > 0).length, what };
}
