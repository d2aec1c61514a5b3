/** What a day begins with: works by state, works that stand still, and what the sync waits for. */
import { useQuery } from "@tanstack/vue-query";
import { computed, type Ref } from "vue";

import { unwrap, useBackend, type Backend, type Kind, type Shown } from "@/backend";
import { daysBefore, today } from "@/shared/format/date";

/** A works under way that nobody reported on for so many days is worth a look. */
export const STILL_AFTER_DAYS = 30;
const STEP = 200;

async function countByState(backend: Backend, kind: Kind): Promise<Record<string, number>> {
  const count = async (state: string) => unwrap(await backend.list({ kind: kind.kind, filters: { state }, sort: null, limit: 1, offset: 0 })).total;
  const counts = await Promise.all(kind.state.map((state) => count(state.name)));
  return Object.fromEntries(kind.state.map((state, at) => [state.name, counts[at]]));
}

/** Works under way without an entry since `since`; progress is read newest first, no further than that day. */
export async function standingStill(backend: Backend, since: string): Promise<Shown[]> {
  const works: Shown[] = [];
  for (let offset = 0; ; offset += STEP) {
    const page = unwrap(await backend.list({ kind: "works", filters: { state: "building" }, sort: null, limit: STEP, offset }));
    works.push(...page.records);
    if (page.records.length === 0 || works.length >= page.total) break;
  }
  const reported = new Set<string>();
  for (let offset = 0; works.length > 0; offset += STEP) {
    const page = unwrap(await backend.list({ kind: "progress", filters: {}, sort: "-date", limit: STEP, offset }));
    const recent = page.records.filter((entry) => String(entry.fields.date ?? "") >= since);
    for (const entry of recent) reported.add(entry.fields.works);
    if (recent.length < page.records.length || offset + page.records.length >= page.total || page.records.length === 0) break;
  }
  return works.filter((one) => !reported.has(one.id));
}

export function useToday(works: Ref<Kind | undefined>) {
  const backend = useBackend();
  const states = useQuery({
    queryKey: ["today", "states"],
    enabled: computed(() => works.value !== undefined),
    queryFn: () => countByState(backend, works.value!),
  });
  const still = useQuery({ queryKey: ["today", "still"], queryFn: () => standingStill(backend, daysBefore(today(), STILL_AFTER_DAYS)) });
  return { states: states.data, still: still.data };
}
