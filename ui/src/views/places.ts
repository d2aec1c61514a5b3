/** Which page shows a record of which kind. */
import type { RouteLocationRaw } from "vue-router";

export function placeOf(record: { id: string; kind: string }): RouteLocationRaw {
  switch (record.kind) {
    case "township":
    case "village":
      return `/villages/${record.id}`;
    case "works":
      return `/works/${record.id}`;
    case "application":
      return `/applications/${record.id}`;
    default:
      return `/records/${record.id}`;
  }
}
