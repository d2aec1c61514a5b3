/** Yes and no as tables write them. */
import { halfWidth } from "./date";

const YES = ["是", "有", "√", "✓", "y", "yes", "true", "1"];
const NO = ["否", "无", "×", "✗", "n", "no", "false", "0"];

/** `null` for what says neither. */
export function readYesNo(text: string): boolean | null {
  const plain = halfWidth(text).trim().toLowerCase();
  return YES.includes(plain) ? true : NO.includes(plain) ? false : null;
}
