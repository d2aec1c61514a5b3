/** Typed text ⇄ value, for the controls that are a line of text. */
import type { Field, Value } from "@/backend";

import { readDate, readMonth } from "../format/date";
import { readDecimal, readInteger } from "../format/numbers";
import type { Problem } from "./problem";

export type Read = { value: Value } | { problem: Problem };

/** Reads what was typed into a text, number or date field; empty text is `null`. */
export function readTyped(field: Field, text: string): Read {
  const trimmed = text.trim();
  if (trimmed === "") return { value: null };
  switch (field.type) {
    case "integer": {
      const number = readInteger(trimmed);
      return number === null ? { problem: { key: "shared.notAnInteger" } } : (outOfRange(field, number) ?? { value: number });
    }
    case "decimal": {
      const decimal = readDecimal(trimmed);
      return decimal === null ? { problem: { key: "shared.notANumber" } } : (outOfRange(field, Number(decimal)) ?? { value: decimal });
    }
    case "date": {
      const read = readDate(trimmed);
      return read.is === "date" ? { value: read.date } : { problem: { key: `shared.${read.is}`, blanks: { text: trimmed } } };
    }
    case "month": {
      const month = readMonth(trimmed);
      return month ? { value: month } : { problem: { key: "shared.notAMonth" } };
    }
    default:
      if (field.digits !== null && !new RegExp(`^\\d{${field.digits}}$`).test(trimmed)) {
        return { problem: { key: "shared.wrongDigits", blanks: { digits: field.digits } } };
      }
      return { value: field.long ? text.trimEnd() : trimmed };
  }
}

/** The problem of a number outside the field's bounds, if it is. */
export function outOfRange(field: Field, number: number): Read | null {
  if (field.min !== null && number < field.min) return { problem: { key: "shared.tooSmall", blanks: { min: field.min } } };
  if (field.max !== null && number > field.max) return { problem: { key: "shared.tooLarge", blanks: { max: field.max } } };
  return null;
}
