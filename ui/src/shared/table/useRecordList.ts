/** One list: its chips, order, page and words, kept in the address so that Back returns to it. */
import { keepPreviousData, useQuery } from "@tanstack/vue-query";
import { computed, reactive, ref, watch } from "vue";

import { unwrap, useBackend, type Shown, type Value } from "@/backend";

import { buildQuery, nextSort, PAGE_SIZE, passes, type ListState } from "./query";

/** At most so many of the records that a search finds are shown; the search itself is bounded too. */
const FOUND_AT_MOST = 100;

// Kept for the session, so that a list is found as it was left.
const left = new Map<string, { list: ListState; words: string }>();

export function useRecordList(kind: string, chips: string[], sort: string | null = null) {
  const backend = useBackend();
  const before = left.get(kind);
  const list = reactive<ListState>(before?.list ?? { kind, chips: Object.fromEntries(chips.map((name) => [name, ""])), sort, page: 1 });
  const words = ref(before?.words ?? "");
  watch([list, words], () => left.set(kind, { list: { ...list, chips: { ...list.chips } }, words: words.value }));
  watch([() => ({ ...list.chips }), words], () => (list.page = 1));

  const searching = computed(() => words.value.trim() !== "");
  const paged = useQuery({
    queryKey: computed(() => ["list", buildQuery(list)]),
    enabled: computed(() => !searching.value),
    placeholderData: keepPreviousData,
    queryFn: async () => unwrap(await backend.list(buildQuery(list))),
  });
  const found = useQuery({
    queryKey: computed(() => ["found", kind, words.value.trim()]),
    enabled: searching,
    placeholderData: keepPreviousData,
    queryFn: async () => {
      const hits = unwrap(await backend.search(words.value.trim())).filter((hit) => hit.kind === kind);
      const answers = await Promise.all(hits.slice(0, FOUND_AT_MOST).map((hit) => backend.show(hit.id)));
      return answers.flatMap((answer) => (answer.ok && !answer.value.deleted ? [answer.value] : []));
    },
  });

  const records = computed<Shown[]>(() => {
    if (!searching.value) return paged.data.value?.records ?? [];
    const passing = (found.data.value ?? []).filter((record) => passes(record, list.chips));
    return list.sort ? [...passing].sort(by(list.sort)) : passing;
  });
  const total = computed(() => (searching.value ? records.value.length : (paged.data.value?.total ?? 0)));
  const pages = computed(() => (searching.value ? 1 : Math.max(1, Math.ceil(total.value / PAGE_SIZE))));
  const filtered = computed(() => searching.value || Object.values(list.chips).some((value) => value !== ""));
  const loaded = computed(() => (searching.value ? found.data.value : paged.data.value) !== undefined);
  const refusal = computed(() => (searching.value ? found.error.value : paged.error.value));

  function turn(field: string): void {
    list.sort = nextSort(list.sort, field);
  }
  function clear(): void {
    words.value = "";
    for (const name of Object.keys(list.chips)) list.chips[name] = "";
  }

  return { list, words, records, total, pages, filtered, loaded, refusal, turn, clear };
}

/** Orders found records as a list would: empty values last, numbers as numbers. */
function by(sort: string): (one: Shown, other: Shown) => number {
  const name = sort.replace(/^-/, "");
  const turned = sort.startsWith("-") ? -1 : 1;
  return (one, other) => {
    const [a, b]: Value[] = [one.fields[name], other.fields[name]];
    if (a === undefined || b === undefined) return a === b ? 0 : a === undefined ? 1 : -1;
    if (typeof a === "number" && typeof b === "number") return turned * (a - b);
    return turned * String(a).localeCompare(String(b), "zh");
  };
}
