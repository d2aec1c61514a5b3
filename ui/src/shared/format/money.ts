/**
 * Money: whole 分, never floating point. Typed as 元 or 万元, shown as either,
 * and in capitals (大写) as receipts and forms want it.
 */
import { halfWidth } from "./date";

export type MoneyUnit = "yuan" | "wan";

/** As tables write them. */
export const MONEY_UNITS = ["元", "万元"];

/** 分 in one 元 and in one 万元. */
const FEN: Record<MoneyUnit, bigint> = { yuan: 100n, wan: 1_000_000n };

/**
 * 分 from what was typed. A unit in the text (`12.5万元`, `125000元`) wins over
 * `unit`. `null` for what is no amount, or finer than a 分.
 */
export function readMoney(text: string, unit: MoneyUnit): number | null {
  const plain = halfWidth(text).replace(/[\s,¥￥]/g, "");
  const found = /^(-?)(\d*)(?:\.(\d*))?(万元|万|元)?$/.exec(plain);
  if (!found || !(found[2] || found[3])) return null;
  const [, sign, whole, part = "", said] = found;
  const fen = FEN[said ? (said === "元" ? "yuan" : "wan") : unit];
  const scale = 10n ** BigInt(part.length);
  const scaled = BigInt((whole || "0") + part) * fen;
  if (scaled % scale !== 0n) return null;
  const amount = Number((sign ? -1n : 1n) * (scaled / scale));
  return Number.isSafeInteger(amount) ? amount : null;
}

/** `125,000.00` or `12.50`; in 万元 with as many places as the amount needs, two at least, unless `places` says. */
export function printMoney(fen: number, unit: MoneyUnit, places?: number): string {
  const negative = fen < 0;
  const amount = BigInt(Math.abs(fen));
  const full = unit === "yuan" ? 2 : 6;
  let digits = amount.toString().padStart(full + 1, "0");
  let shown = full;
  if (places !== undefined && places < full) {
    const step = 10n ** BigInt(full - places);
    digits = ((amount + step / 2n) / step).toString().padStart(places + 1, "0");
    shown = places;
  }
  const whole = digits.slice(0, digits.length - shown).replace(/\B(?=(\d{3})+$)/g, ",");
  let part = digits.slice(digits.length - shown);
  if (places === undefined) part = part.replace(/0+$/, "").padEnd(2, "0");
  return `${negative ? "-" : ""}${whole}${part ? `.${part}` : ""}`;
}

const DIGITS = "零壹贰叁肆伍陆柒捌玖";
const PLACES = ["", "拾", "佰", "仟"];
const GROUPS = ["", "万", "亿", "万亿"];

/** `壹拾贰万伍仟元整`, by the rules for writing receipts (支付结算办法 附一). */
export function capitals(fen: number): string {
  const amount = Math.abs(fen);
  const yuan = Math.floor(amount / 100);
  const jiao = Math.floor(amount / 10) % 10;
  const cent = amount % 10;
  let out = fen < 0 ? "负" : "";
  if (yuan > 0) out += `${whole(yuan)}元`;
  if (jiao === 0 && cent === 0) return `${out}${yuan > 0 ? "" : "零元"}整`;
  if (jiao > 0) out += `${DIGITS[jiao]}角`;
  else if (yuan > 0) out += "零";
  return cent > 0 ? `${out}${DIGITS[cent]}分` : out;
}

/** A whole number above 0 in capitals, in groups of four digits. */
function whole(number: number): string {
  const digits = String(number);
  let out = "";
  let zero = false;
  let group = false; // Whether the present group of four has a digit.
  for (let at = 0; at < digits.length; at += 1) {
    const place = digits.length - 1 - at;
    const digit = Number(digits[at]);
    if (digit === 0) {
      zero = true;
    } else {
      if (zero && out) out += "零";
      out += DIGITS[digit] + PLACES[place % 4];
      zero = false;
      group = true;
    }
    if (place % 4 === 0) {
      if (group) out += GROUPS[place / 4];
      group = false;
    }
  }
  return out;
}

/** The sum of `amounts`, in 分; what is empty counts as nothing. */
export function sumMoney(amounts: Iterable<unknown>): number {
  let sum = 0;
  for (const amount of amounts) if (typeof amount === "number") sum += amount;
  return sum;
}
