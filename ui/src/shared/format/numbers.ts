/** Whole numbers, decimals, rates and file sizes: read as typed, printed as read. */
import { halfWidth } from "./date";

/** A whole number as typed (`1,200`, full width too); `null` for anything else. */
export function readInteger(text: string): number | null {
  const plain = halfWidth(text).replace(/[\s,]/g, "");
  if (!/^-?\d+$/.test(plain)) return null;
  const number = Number(plain);
  return Number.isSafeInteger(number) ? number : null;
}

/** A decimal as typed, as the text that keeps every digit; `null` for anything else. */
export function readDecimal(text: string): string | null {
  const plain = halfWidth(text).replace(/[\s,]/g, "");
  return /^-?\d+(\.\d+)?$/.test(plain) ? plain : null;
}

/** `1,200` or `1,200.5`, from a number or a decimal's text. */
export function printNumber(value: number | string): string {
  const [whole, part] = String(value).split(".");
  const grouped = whole.replace(/\B(?=(\d{3})+$)/g, ",");
  return part === undefined ? grouped : `${grouped}.${part}`;
}

export interface Rate {
  numerator: number;
  denominator: number;
  asOf: string;
  basis: string;
}

/** The percentage with two places, `66.67%`; a rate is never typed, always derived. */
export function printRate(rate: Pick<Rate, "numerator" | "denominator">): string {
  if (!(rate.denominator > 0)) return "—";
  const hundredths = Math.round((rate.numerator * 10_000) / rate.denominator);
  return `${Math.floor(hundredths / 100)}.${String(hundredths % 100).padStart(2, "0")}%`;
}

/** `812 B`, `48.2 MB`: bytes in thousands, as file managers show them. */
export function printBytes(bytes: number): string {
  const units = ["B", "KB", "MB", "GB"];
  let amount = bytes;
  let unit = 0;
  while (amount >= 1000 && unit < units.length - 1) {
    amount /= 1000;
    unit += 1;
  }
  return `${unit === 0 || amount >= 100 ? Math.round(amount) : amount.toFixed(1)} ${units[unit]}`;
}
