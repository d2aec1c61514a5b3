/** The records of a works and those under its contracts and acceptances, as moments. */
import { useQuery } from "@tanstack/vue-query";
import { computed, type Ref } from "vue";

import { unwrap, useBackend, type Kind, type Shown } from "@/backend";
import { useCatalog } from "@/shared/catalog";
import { meaning, relationsTo } from "@/shared/record/relations";
import { useRelated } from "@/shared/record/useRelated";

import { moments } from "./moments";

/** The kinds whose own records belong to the story of a works; a facility has a story of its own. */
const ABOVE = ["contract", "acceptance"];
const MOST = 200;

export function useTimeline(works: Ref<Shown>) {
  const backend = useBackend();
  const { catalog } = useCatalog();
  const { related } = useRelated(works, ["joining", "application", "spot", "finding_note"]);
  const { data: history } = useQuery({ queryKey: computed(() => ["history", works.value.id]), queryFn: async () => unwrap(await backend.history(works.value.id)) });

  const above = computed(() => related.value.filter((one) => ABOVE.includes(one.kind.kind)));
  const known = computed(() => related.value.map((one) => one.kind.kind));
  const { data: below } = useQuery({
    queryKey: computed(() => ["related", "below", above.value.flatMap((one) => one.records.map((record) => record.id))]),
    queryFn: () =>
      Promise.all(
        above.value.flatMap((one) =>
          relationsTo(catalog.value.kinds, one.kind.kind, known.value).flatMap(({ kind, field }) =>
            one.records.map(async (record): Promise<{ kind: Kind; records: Shown[] }> => {
              const filters = { [field.name]: meaning(field, record) };
              return { kind, records: unwrap(await backend.list({ kind: kind.kind, filters, sort: null, limit: MOST, offset: 0 })).records };
            }),
          ),
        ),
      ),
  });
  return { moments: computed(() => moments(works.value, [...related.value, ...(below.value ?? [])], history.value ?? [])) };
}
