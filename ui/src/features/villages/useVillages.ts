/** Every township and village that this laptop holds. */
import { useQuery } from "@tanstack/vue-query";
import { computed } from "vue";

import { unwrap, useBackend, type Query, type Shown } from "@/backend";

/** A district has some dozen townships and a few hundred villages; this is far above both. */
const ALL = 2_000;

export function useVillages() {
  const backend = useBackend();
  const all = (kind: string) => {
    const query: Query = { kind, filters: {}, sort: "code", limit: ALL, offset: 0 };
    return useQuery({ queryKey: ["list", query], queryFn: async () => unwrap(await backend.list(query)) });
  };
  const townships = all("township");
  const villages = all("village");
  const pilots = all("pilot");
  return {
    /** The pilot that a village or township (by id or code) is, or is in. */
    pilots: computed(() => {
      const of = new Map<string, Shown>();
      for (const pilot of pilots.data.value?.records ?? []) {
        if (pilot.state === "cancelled") continue;
        const { unit, township, village, villages } = pilot.fields;
        const places: unknown[] = unit === "township" ? [township] : [village, ...((villages as string[] | undefined) ?? [])];
        for (const place of places) if (typeof place === "string") of.set(place, pilot);
      }
      return of;
    }),
    townships: computed(() => townships.data.value?.records ?? []),
    villages: computed(() => villages.data.value?.records ?? []),
    loaded: computed(() => townships.data.value !== undefined && villages.data.value !== undefined),
  };
}
