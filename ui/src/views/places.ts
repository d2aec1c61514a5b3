/** Which page shows a record of which kind, and where a new one is begun. */
import type { RouteLocationRaw } from "vue-router";

import type { Fields } from "@/backend";

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

/** The empty form of `kind`, with `fields` filled in. */
export function newOf(kind: string, fields: Fields): RouteLocationRaw {
  const path = kind === "works" || kind === "application" ? `/${kind === "works" ? kind : "applications"}/new` : `/new/${kind}`;
  return { path, query: Object.fromEntries(Object.entries(fields).map(([name, value]) => [name, String(value)])) };
}
