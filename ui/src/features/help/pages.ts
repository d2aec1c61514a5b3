/** Which page of the manual fits which page of the window. */

/** The manual's pages in the order of its contents; `docs/manual/<language>/<name>.md`. */
export const PAGES = ["start", "practice", "today", "records", "photos", "villages", "map", "import", "month", "application", "package", "funds", "programmes", "sync", "stick", "conflicts", "backup", "keys", "district"] as const;
export type PageName = (typeof PAGES)[number];

/** By the beginning of a page's address, the longest first. */
const BY_PATH: [string, PageName][] = [
  ["/villages", "villages"],
  ["/works/new", "records"],
  ["/works", "records"],
  ["/findings", "photos"],
  ["/applications", "application"],
  ["/verify", "package"],
  ["/funds", "funds"],
  ["/programmes", "programmes"],
  ["/ledger", "records"],
  ["/import", "import"],
  ["/new", "records"],
  ["/records", "records"],
  ["/duplicates", "records"],
  ["/month", "month"],
  ["/map", "map"],
  ["/sync", "sync"],
  ["/update", "backup"],
];

/** What on a page is in sight, where that has a page of its own. */
const BY_QUERY: Record<string, PageName> = {
  "/sync?at=conflicts": "conflicts",
  "/sync?at=refused": "conflicts",
  "/sync?at=sticks": "stick",
  "step=package": "package",
  "tab=photos": "photos",
};

export function pageFor(path: string, query: Record<string, unknown> = {}): PageName {
  if (path === "/") return "today";
  for (const [name, value] of Object.entries(query)) {
    const found = BY_QUERY[`${path}?${name}=${String(value)}`] ?? BY_QUERY[`${name}=${String(value)}`];
    if (found) return found;
  }
  return BY_PATH.find(([start]) => path === start || path.startsWith(`${start}/`))?.[1] ?? "start";
}
