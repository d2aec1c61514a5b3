/**
 * Dates as people type them, and moments as they are read at a glance.
 * A date is kept as `YYYY-MM-DD`; a moment as RFC 3339.
 */

/** Full-width digits and signs, as Chinese input methods leave them, in half width. */
export function halfWidth(text: string): string {
  return text
    .replace(/[！-～]/g, (sign) => String.fromCharCode(sign.charCodeAt(0) - 0xfee0))
    .replace(/[。．]/g, ".")
    .replace(/　/g, " ");
}

/** What typed text says: a date that exists, one that does not, or none at all. */
export type DateRead = { is: "date"; date: string } | { is: "noSuchDate" } | { is: "notADate" };

const FORMS = [
  /^(\d{4})(\d{2})(\d{2})$/, // 20250503
  /^(\d{4})\s*[-./\s年]\s*(\d{1,2})\s*[-./\s月]\s*(\d{1,2})\s*[日号]?$/, // 2025-5-3 2025.5.3 2025/5/3 2025年5月3日
  /^(\d{2})\s*[-./年]\s*(\d{1,2})\s*[-./月]\s*(\d{1,2})\s*[日号]?$/, // 25.5.3
];

/** Days without a year: `5月3日`, `5-3`, `5.3`, `5/3` are of this year. */
const OF_THIS_YEAR = /^(\d{1,2})\s*[-./\s月]\s*(\d{1,2})\s*[日号]?$/;

/** Days by name, counted from today. */
const NAMED: Record<string, number> = { 今天: 0, 昨天: 1, 前天: 2, today: 0, yesterday: 1 };

/**
 * Reads `2025-5-3`, `20250503`, `2025.5.3`, `25.5.3`, `2025/5/3`, `2025年5月3日` and the same in
 * full width; `5月3日` is of this year. The field then shows the whole date, so that it can be seen.
 */
export function readDate(text: string, now = new Date()): DateRead {
  const plain = halfWidth(text).trim();
  const back = NAMED[plain.toLowerCase()];
  if (back !== undefined) return { is: "date", date: daysBefore(today(now), back) };
  const short = OF_THIS_YEAR.exec(plain);
  if (short) return dateOf(now.getFullYear(), Number(short[1]), Number(short[2]));
  for (const form of FORMS) {
    const found = form.exec(plain);
    if (!found) continue;
    const [year, month, day] = found.slice(1).map(Number);
    return dateOf(year < 100 ? 2000 + year : year, month, day);
  }
  return { is: "notADate" };
}

function dateOf(year: number, month: number, day: number): DateRead {
  const at = new Date(Date.UTC(year, month - 1, day));
  const exists = at.getUTCFullYear() === year && at.getUTCMonth() === month - 1 && at.getUTCDate() === day;
  return exists ? { is: "date", date: iso(year, month, day) } : { is: "noSuchDate" };
}

/** Reads `2025-5`, `202505`, `2025.5`, `2025年5月` as `YYYY-MM`; `null` for anything else. */
export function readMonth(text: string): string | null {
  const found = /^(\d{4})\s*[-./\s年]?\s*(\d{1,2})\s*月?$/.exec(halfWidth(text).trim());
  const month = Number(found?.[2]);
  return found && month >= 1 && month <= 12 ? `${found[1]}-${pad(month)}` : null;
}

/** Today by this laptop's clock, `YYYY-MM-DD`. */
export function today(now = new Date()): string {
  return iso(now.getFullYear(), now.getMonth() + 1, now.getDate());
}

/** `days` days before `date`. */
export function daysBefore(date: string, days: number): string {
  const at = new Date(`${date}T00:00:00Z`);
  at.setUTCDate(at.getUTCDate() - days);
  return at.toISOString().slice(0, 10);
}

/** A moment for a person: `10:32` today, `05-03 10:32` this year, else with its year. */
export function printMoment(rfc3339: string, now = new Date()): string {
  const at = new Date(rfc3339);
  if (Number.isNaN(at.getTime())) return rfc3339;
  const time = `${pad(at.getHours())}:${pad(at.getMinutes())}`;
  const date = today(at);
  if (date === today(now)) return time;
  return `${at.getFullYear() === now.getFullYear() ? date.slice(5) : date} ${time}`;
}

/** A moment that is read at any time, as on paper: `2026-05-03 10:32`. */
export function printDated(at: Date): string {
  return `${today(at)} ${pad(at.getHours())}:${pad(at.getMinutes())}`;
}

/** A span of seconds in the one unit that says most: `3 天`, `2 hours`. */
export function printSpan(seconds: number, locale: string): string {
  const units = [["year", 31_557_600], ["day", 86_400], ["hour", 3_600], ["minute", 60]] as const;
  const [unit, length] = units.find(([, length]) => seconds >= length) ?? units[3];
  return new Intl.NumberFormat(locale, { style: "unit", unit, unitDisplay: "long" }).format(Math.round(seconds / length));
}

function iso(year: number, month: number, day: number): string {
  return `${String(year).padStart(4, "0")}-${pad(month)}-${pad(day)}`;
}

function pad(number: number): string {
  return String(number).padStart(2, "0");
}
