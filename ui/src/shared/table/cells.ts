/** A field's value as the text of a cell, and a heading with its unit: on the screen and in a table program alike. */
import type { Field, Label, Shown, Value } from "@/backend";

import { printMoney } from "../format/money";
import { printNumber, printRate } from "../format/numbers";
import { printUnit } from "../format/unit";
import { isEmpty, printValue } from "../value";
import type { Column } from "./query";

export interface Words {
  label: (label: Label) => string;
  t: (key: string, blanks?: Record<string, unknown>) => string;
  stateLabel: (kind: string, state: string | null) => string;
}

/** Money stands in 万元 in every list; the heading says so. */
export function headingOf({ field }: Column, { label, t }: Words): string {
  if (!field) return t("shared.state");
  const unit = field.type === "money" ? t("shared.wan") : printUnit(field.unit, label);
  return unit ? t("shared.withUnit", { label: label(field.label), unit }) : label(field.label);
}

export function cellOf({ field }: Column, record: Shown, { label, t, stateLabel }: Words): string {
  if (!field) return stateLabel(record.kind, record.state);
  const value: Value = record.fields[field.name];
  if (isEmpty(value)) return "";
  if (field.type === "money") return printMoney(value, "wan", 2);
  if (field.type === "rate") return printRate(value);
  if (field.unit) return printNumber(value);
  return printValue(field, value, { label, t, names: record.names });
}

/** A cell for a table program: every digit, no separators, text that cannot be taken for a formula. */
export function plainCell(column: Column, record: Shown, words: Words): string {
  const { field } = column;
  const value: Value = field ? record.fields[field.name] : null;
  if (field && isEmpty(value)) return "";
  if (field?.type === "money") return printMoney(value, "wan").replaceAll(",", "");
  if (field?.type === "integer" || field?.type === "decimal") return String(value);
  const text = cellOf(column, record, words);
  return /^[=+\-@]/.test(text) && !/^[+-]?[\d.]+%?$/.test(text) ? `'${text}` : text;
}

export function sumOf(field: Field | null, sum: number | undefined): string {
  if (!field || sum === undefined) return "";
  return field.type === "money" ? printMoney(sum, "wan", 2) : printNumber(sum);
}
