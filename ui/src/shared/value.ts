/** Any field's value as a line of text, by the field's type. */
import type { Field, Label, Value } from "@/backend";

import { printMoney } from "./format/money";
import { printNumber, printRate } from "./format/numbers";
import { printUnit } from "./format/unit";

export interface Printing {
  label: (label: Label) => string;
  t: (key: string, blanks?: Record<string, unknown>) => string;
  /** Titles of referenced records, by id or key. */
  names: Record<string, string>;
}

export function isEmpty(value: Value): boolean {
  return value === null || value === undefined || value === "" || (Array.isArray(value) && value.length === 0);
}

/** Whether two values of a field say the same. */
export function sameValue(one: Value, other: Value): boolean {
  if (isEmpty(one) && isEmpty(other)) return true;
  return JSON.stringify(one ?? null) === JSON.stringify(other ?? null);
}

export function printValue(field: Field | undefined, value: Value, { label, t, names }: Printing): string {
  if (isEmpty(value)) return "";
  const choice = (name: string) => {
    const found = field?.choices.find((one) => one.value === name);
    return found ? label(found.label) : name;
  };
  const unit = (text: string) => `${text} ${printUnit(field?.unit ?? null, label)}`.trimEnd();
  switch (field?.type) {
    case "integer":
    case "decimal":
      // What has no unit is a name of something (a year), not an amount.
      return field.unit ? unit(printNumber(value)) : String(value);
    case "money":
      return t("shared.yuanAmount", { amount: printMoney(value, "yuan") });
    case "choice":
      return choice(value);
    case "choices":
      return value.map(choice).join(t("shared.and"));
    case "yes_no":
      return t(value ? "shared.yes" : "shared.no");
    case "reference":
      return names[value] ?? value;
    case "references":
      return value.map((id: string) => names[id] ?? id.slice(0, 8)).join(t("shared.and"));
    case "place":
      return `${value.lon}, ${value.lat} (${String(value.system ?? "wgs84").toUpperCase()})`;
    case "rate":
      return t("shared.rateLine", { percent: printRate(value), numerator: printNumber(value.numerator), denominator: printNumber(value.denominator), asOf: value.asOf });
    case "attachments":
      return value.map((item: { name: string }) => item.name).join(t("shared.and"));
    case "remarks":
      return value.map((item: { text: string }) => item.text).join(t("shared.and"));
    default:
      return typeof value === "string" ? value : JSON.stringify(value);
  }
}
