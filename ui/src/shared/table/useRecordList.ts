/**
 * One list of any length: its chips, words and order, the rows that are in
 * sight, and what its columns come to. Rows are read in blocks as they come
 * into sight and forgotten after they left it, so that a list of 100,000 takes
 * the memory of a screen.
 */
import { useQueries, useQuery } from "@tanstack/vue-query";
import { computed, reactive, ref, watch, type Ref } from "vue";

import { Refused, unwrap, useBackend, type Kind, type Shown } from "@/backend";

import { useKept } from "../kept";
import { buildQuery, chipsAtFirst, columnsAtFirst, columnsOf, nextSort, summed, type ListState } from "./query";

/** Rows that are read at once. */
export const BLOCK = 100;
/** A block that left the screen is forgotten after so many milliseconds. */
const FORGOTTEN = 20_000;
/** A pause in typing after which the list looks. */
const PAUSE = 150;

// The words and the order last for the session only: words may be about people.
const left = new Map<string, { words: string; sort: string | null }>();

export interface ListWishes {
  /** Holds for as long as the list stands here: the works of one village. */
  base?: Ref<Record<string, string>>;
  /** Another name under which this list's settings are kept. */
  place?: string;
}

export function useRecordList(kind: Ref<Kind>, { base = ref({}), place }: ListWishes = {}) {
  const backend = useBackend();
  const name = place ?? kind.value.kind;
  const chips = useKept<Record<string, string>>(`chips.${name}`, Object.fromEntries(chipsAtFirst(kind.value).map((one) => [one, ""])));
  const chosen = useKept<string[] | null>(`columns.${name}`, null);
  const before = left.get(name);
  const words = ref(before?.words ?? "");
  const list = reactive<ListState>({ kind: kind.value.kind, chips: chips.value, words: words.value, sort: before?.sort ?? null });
  watch(chips, (now) => (list.chips = now));
  watch(() => [list.words, list.sort], () => left.set(name, { words: list.words, sort: list.sort }));
  let pause: ReturnType<typeof setTimeout> | undefined;
  watch(words, (now) => {
    clearTimeout(pause);
    pause = setTimeout(() => (list.words = now), now ? PAUSE : 0);
  });

  const columns = computed(() => columnsOf(kind.value, chosen.value ?? columnsAtFirst(kind.value)));
  const query = computed(() => buildQuery(list, base.value));

  const total = ref(0);
  /** The blocks in sight, and one on either side so that scrolling finds them there. */
  const sight = ref({ first: 0, last: 0 });
  function see(first: number, last: number): void {
    const now = { first: Math.max(0, Math.floor(first / BLOCK - 0.5)), last: Math.floor(last / BLOCK + 0.5) };
    if (now.first !== sight.value.first || now.last !== sight.value.last) sight.value = now;
  }
  const blocks = computed(() => {
    const end = total.value === 0 ? 0 : Math.floor((total.value - 1) / BLOCK);
    const last = Math.min(sight.value.last, Math.max(end, 0));
    return Array.from({ length: Math.max(1, last - sight.value.first + 1) }, (_, at) => sight.value.first + at);
  });
  const pages = useQueries({
    queries: computed(() =>
      blocks.value.map((block) => ({
        queryKey: ["list", query.value, block],
        gcTime: FORGOTTEN,
        queryFn: async () => ({ block, ...unwrap(await backend.list({ ...query.value, limit: BLOCK, offset: block * BLOCK })) }),
      })),
    ),
  });
  const here = computed(() => new Map(pages.value.flatMap(({ data }) => (data ? [[data.block, data.records] as const] : []))));
  const loaded = computed(() => pages.value.some(({ data }) => data !== undefined));
  watch(pages, (now) => {
    const answered = now.find(({ data, isPlaceholderData }) => data !== undefined && !isPlaceholderData);
    if (answered?.data) total.value = answered.data.total;
  }, { immediate: true });
  const rowAt = (at: number): Shown | undefined => here.value.get(Math.floor(at / BLOCK))?.[at % BLOCK];
  /** Rows in a span, whether in sight or not. */
  async function rowsFrom(first: number, count: number): Promise<Shown[]> {
    const seen = Array.from({ length: Math.min(count, total.value - first) }, (_, at) => rowAt(first + at));
    if (seen.every((row) => row !== undefined)) return seen;
    return unwrap(await backend.list({ ...query.value, limit: count, offset: first })).records;
  }

  const adding = computed(() => summed(columns.value));
  const sums = useQuery({
    queryKey: computed(() => ["sums", query.value.kind, query.value.filters, query.value.find, adding.value]),
    enabled: computed(() => adding.value.length > 0),
    queryFn: async () => unwrap(await backend.sums(query.value, adding.value)),
  });
  const filtered = computed(() => words.value.trim() !== "" || Object.values(list.chips).some((value) => value !== ""));
  const refusal = computed(() => {
    const error = pages.value.find((page) => page.error)?.error ?? sums.error.value;
    return error instanceof Refused ? error.view : null;
  });

  function chip(field: string, value: string): void {
    chips.value = { ...chips.value, [field]: value };
  }
  function dropChip(field: string): void {
    chips.value = Object.fromEntries(Object.entries(chips.value).filter(([one]) => one !== field));
  }
  function turn(field: string): void {
    list.sort = nextSort(list.sort, field);
  }
  function clear(): void {
    words.value = "";
    chips.value = Object.fromEntries(Object.keys(chips.value).map((one) => [one, ""]));
  }

  return { list, words, query, columns, chosen, total, loaded, filtered, refusal, sums: sums.data, see, rowAt, rowsFrom, chip, dropChip, turn, clear };
}

export type RecordListOf = ReturnType<typeof useRecordList>;
