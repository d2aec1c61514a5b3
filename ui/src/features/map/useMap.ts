/** What is drawn: points by layer, and the areas of every boundary that is here. */
import { useQuery } from "@tanstack/vue-query";
import { computed } from "vue";

import { unwrap, useBackend, type AreaView, type MapPoint } from "@/backend";

export const LAYERS = ["village", "works", "facility", "spot", "photo"] as const;
export type Layer = (typeof LAYERS)[number];

export function layerOf(point: MapPoint): Layer {
  if (point.photo) return "photo";
  return LAYERS.find((layer) => layer === point.kind) ?? "works";
}

export function useMap() {
  const backend = useBackend();
  const { data: points, error } = useQuery({ queryKey: ["map", "points"], queryFn: async () => unwrap(await backend.mapPoints()) });
  const { data: boundaries } = useQuery({ queryKey: ["map", "boundaries"], queryFn: async () => unwrap(await backend.boundaries()) });
  const { data: areas } = useQuery({
    queryKey: computed(() => ["map", "areas", (boundaries.value ?? []).map((one) => one.id)]),
    enabled: computed(() => boundaries.value !== undefined),
    queryFn: async () => {
      const here = (boundaries.value ?? []).filter((one) => one.areas !== null);
      const found = await Promise.all(here.map((one) => backend.boundaryAreas(one.id)));
      return found.flatMap((answer): AreaView[] => (answer.ok ? answer.value : []));
    },
  });
  return { points: computed(() => points.value ?? []), boundaries: computed(() => boundaries.value ?? []), areas: computed(() => areas.value ?? []), loaded: computed(() => points.value !== undefined), error };
}
