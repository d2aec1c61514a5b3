/** The stations of the tour: where each leads, and how one sees that it was done. */
import { unwrap, type Backend, type PracticePlaces } from "@/backend";

export const STATIONS = ["works", "photo", "missing", "application", "package", "conflict", "refused", "sync"] as const;
export type Station = (typeof STATIONS)[number];

/** A page, or a record with what to show of it. */
export type Lead = { path: string; query?: Record<string, string> };

export function leadOf(station: Station, places: PracticePlaces): Lead {
  switch (station) {
    case "works":
      return { path: "/works/new", query: { village: places.village } };
    case "photo":
      return { path: `/works/${places.bareWorks}`, query: { tab: "photos" } };
    case "missing":
      return { path: "/findings" };
    case "application":
      return { path: `/applications/${places.application}`, query: { step: "check" } };
    case "package":
      return { path: `/applications/${places.application}`, query: { step: "package" } };
    case "conflict":
      return { path: "/sync", query: { at: "conflicts" } };
    case "refused":
      return { path: "/sync", query: { at: "refused" } };
    case "sync":
      return { path: "/sync", query: { at: "waiting" } };
  }
}

/** The works that the ledger began with. */
const WORKS_AT_FIRST = 4;

/** What the records say was done; a station that leaves no trace in them is never here. */
export async function doneStations(backend: Backend, places: PracticePlaces): Promise<Station[]> {
  const works = unwrap(await backend.list({ kind: "works", filters: {}, sort: null, limit: 1, offset: 0 })).total;
  const photos = unwrap(await backend.show(places.bareWorks)).fields.photos as unknown[] | undefined;
  const { findings } = unwrap(await backend.check(places.application));
  const status = unwrap(await backend.status());
  const seen: [Station, boolean][] = [
    ["works", works > WORKS_AT_FIRST],
    ["photo", (photos?.length ?? 0) > 0],
    ["application", !findings.some((one) => one.rule === "fundingSum" && one.severity === "block")],
    ["conflict", status.conflicts === 0],
    ["refused", status.refused === 0],
  ];
  return seen.filter(([, done]) => done).map(([station]) => station);
}
