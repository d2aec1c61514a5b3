/** Two texts held against each other, character by character: Chinese has no spaces to hold words apart. */
import { diffChars } from "diff";

export interface Piece {
  text: string;
  /** What the other text has and this one lacks is `gone`; what only this one has is `added`. */
  is: "same" | "added" | "gone";
}

/** A comparison that takes longer than this many milliseconds is given up: the screen does not wait. */
const PATIENCE = 40;

/** `text` with its differences from `base` marked; as one piece where they have too little in common. */
export function differing(base: string, text: string): Piece[] {
  const found = diffChars(base, text, { timeout: PATIENCE });
  const plain: Piece[] = [{ text, is: "same" }];
  if (!found || base === "" || text === "") return plain;
  const common = found.filter((one) => !one.added && !one.removed).reduce((sum, one) => sum + one.value.length, 0);
  // Marks all over say less than the two texts side by side.
  if (common * 3 < Math.max(base.length, text.length)) return plain;
  return found.map((one) => ({ text: one.value, is: one.added ? "added" : one.removed ? "gone" : "same" }));
}
