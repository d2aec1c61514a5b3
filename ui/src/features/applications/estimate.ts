/** Quantity × price to the last 分, as the program computes it: exact, then rounded half away from zero. */
export function amountOf(quantity: unknown, price: unknown): number | null {
  if (typeof quantity !== "string" || typeof price !== "number") return null;
  const found = /^(-?)(\d+)(?:\.(\d+))?$/.exec(quantity);
  if (!found) return null;
  const [, sign, whole, part = ""] = found;
  const scale = 10n ** BigInt(part.length);
  const exact = BigInt(whole + part) * BigInt(Math.abs(price));
  const rounded = (exact * 2n + scale) / (scale * 2n);
  const negative = (sign === "-") !== price < 0;
  const amount = Number(negative ? -rounded : rounded);
  return Number.isSafeInteger(amount) ? amount : null;
}
