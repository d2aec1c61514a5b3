/** Two texts held against each other: character by character, since Chinese has no spaces, and numbers as wholes. */
import { diffArrays } from "diff";

export interface Piece {
  text: string;
  /** What the other text has and this one lacks is `gone`; what only this one has is `added`. */
  is: "same" | "added" | "gone";
}

/** A comparison that takes longer than this many milliseconds is given up: the screen does not wait. */
const PATIENCE = 40;

/** Numbers and Latin words in one piece, everything else character by character. */
const pieces = (text: string): string[] => text.match(/\d[\d.,]*|[A-Za-z]+|[\s\S]/gu) ?? [];

/** `text` with its differences from `base` marked; as one piece where they have too little in common. */
export function differing(base: string, text: string): Piece[] {
  const found = diffArrays(pieces(base), pieces(text), { timeout: PATIENCE });
  const plain: Piece[] = [{ text, is: "same" }];
  if (!found || base === "" || text === "") return plain;
  const common = found.filter((one) => !one.added && !one.removed).reduce((sum, one) => sum + one.value.join("").length, 0);
  // Marks all over say less than the two texts side by side.
  if (common * 3 < Math.max(base.length, text.length)) return plain;
  return found.map((one) => ({ text: one.value.join(""), is: one.added ? "added" : one.removed ? "gone" : "same" }));
}
