/** The records that hang on one: those that name it, kind by kind. */
import { useQuery } from "@tanstack/vue-query";
import { computed, type Ref } from "vue";

import { unwrap, useBackend, type Shown } from "@/backend";

import { useCatalog } from "../catalog";
import { meaning, relationsTo, type Relation } from "./relations";

/** At most so many of one kind; beyond it the kind's own list is the place to look. */
const MOST = 200;

export interface Related extends Relation {
  records: Shown[];
  total: number;
}

export function useRelated(record: Ref<Shown | undefined>, without: string[] = []) {
  const backend = useBackend();
  const { catalog } = useCatalog();
  const relations = computed(() => (record.value ? relationsTo(catalog.value.kinds, record.value.kind, without) : []));
  const { data } = useQuery({
    queryKey: computed(() => ["related", record.value?.id, relations.value.map((one) => one.kind.kind)]),
    enabled: computed(() => record.value !== undefined),
    queryFn: () =>
      Promise.all(
        relations.value.map(async (one): Promise<Related> => {
          const filters = { [one.field.name]: meaning(one.field, record.value!) };
          const page = unwrap(await backend.list({ kind: one.kind.kind, filters, sort: null, limit: MOST, offset: 0 }));
          return { ...one, ...page };
        }),
      ),
  });
  return { related: computed(() => data.value ?? []), loaded: computed(() => data.value !== undefined) };
}
