/**
 * One import on its way: the table, how it is to be read, what the check says
 * of it, and the agreement. Every change of the matching checks again, so that
 * what is agreed to is always what is on the screen.
 */
import { useQueryClient } from "@tanstack/vue-query";
import { computed, reactive, ref } from "vue";

import { useBackend, type ErrorView, type ImportAsked, type ImportMatch, type ImportReport } from "@/backend";

export const noMatch = (): ImportMatch => ({ sheet: null, columns: {}, units: {}, meanings: {}, year: null });

export function useImport(kind: string) {
  const backend = useBackend();
  const queries = useQueryClient();

  const file = ref<{ name: string; bytes: Uint8Array } | null>(null);
  const match = reactive<ImportMatch>(noMatch());
  const template = ref<string | null>(null);
  const saveTemplate = ref("");
  const report = ref<ImportReport | null>(null);
  const written = ref<ImportReport | null>(null);
  const refusal = ref<ErrorView | null>(null);
  const busy = ref(false);
  let asked = 0;

  const wish = (agreed: string | null): ImportAsked => ({ kind, template: template.value, match: { ...match }, agreed, saveTemplate: agreed ? saveTemplate.value.trim() || null : null });

  async function check(): Promise<void> {
    if (!file.value) return;
    asked += 1;
    const turn = asked;
    busy.value = true;
    const answer = await backend.checkImport(file.value.name, file.value.bytes, wish(null));
    if (turn !== asked) return; // A later question is on its way.
    busy.value = false;
    refusal.value = answer.ok ? null : answer.error;
    report.value = answer.ok ? answer.value : null;
  }

  async function take(name: string, bytes: Uint8Array): Promise<void> {
    file.value = { name, bytes };
    Object.assign(match, noMatch());
    report.value = null;
    written.value = null;
    await check();
  }

  /** The heading means this field; an empty name leaves the column out. */
  async function pair(heading: string, field: string): Promise<void> {
    match.columns[heading] = field;
    await check();
  }
  async function measure(heading: string, unit: string): Promise<void> {
    if (unit) match.units[heading] = unit;
    else delete match.units[heading];
    await check();
  }
  /** What stands in the cells means this; an empty value leaves it undecided. */
  async function decide(field: string, given: string, value: string): Promise<void> {
    match.meanings[field] ??= {};
    if (value) match.meanings[field][given] = value;
    else delete match.meanings[field][given];
    await check();
  }
  async function follow(name: string | null): Promise<void> {
    template.value = name;
    Object.assign(match, noMatch());
    await check();
  }

  async function agree(): Promise<void> {
    if (!file.value || !report.value) return;
    busy.value = true;
    const answer = await backend.importTable(file.value.name, file.value.bytes, wish(report.value.plan));
    busy.value = false;
    refusal.value = answer.ok ? null : answer.error;
    if (!answer.ok) {
      if (answer.error.code !== "planChanged") return;
      await check();
      refusal.value ??= answer.error; // The new plan is on the screen, and why it is another.
      return;
    }
    written.value = answer.value;
    await queries.invalidateQueries();
  }

  const writes = computed(() => (report.value ? report.value.new + report.value.changed : 0));
  return { file, match, template, saveTemplate, report, written, refusal, busy, writes, check, take, pair, measure, decide, follow, agree };
}
