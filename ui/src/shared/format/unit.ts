/** A field's unit in the language of the window; empty where there is none to be said. */
import type { Label } from "@/backend";

import { MEASURES } from "./unit.texts";

export function printUnit(unit: string | null, label: (label: Label) => string): string {
  return unit ? label({ zh: unit, en: MEASURES[unit] ?? unit }) : "";
}
