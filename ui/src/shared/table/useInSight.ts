/**
 * Of a plain table of any length only the rows in sight are drawn, between two
 * gaps as high as the others would be; a short table, and one on paper, is whole.
 */
import { computed, nextTick, onBeforeUnmount, onMounted, ref, useTemplateRef, watch } from "vue";

import { printing } from "../print";

/** So many rows are drawn whatever is in sight. */
const FEW = 100;
/** Rows drawn above and below the sight, so that a quick scroll shows no gap. */
const SPARE = 20;
/** As high as a row is taken for until one was measured, in px. */
const USUAL = 33;

export function useInSight<T>(rows: () => readonly T[]) {
  /** The part of the table that holds the rows: `ref="rows"`. */
  const body = useTemplateRef<HTMLElement>("rows");
  const first = ref(0);
  const last = ref(FEW);
  const height = ref(0);

  const whole = computed(() => printing.value || rows().length <= FEW);
  const drawn = computed(() => (whole.value ? rows() : rows().slice(first.value, last.value)));
  const gap = (count: number) => (whole.value ? 0 : Math.max(0, count) * (height.value || USUAL));
  const above = computed(() => gap(first.value));
  const below = computed(() => gap(rows().length - last.value));

  function look(): void {
    if (!body.value || whole.value) return;
    const box = body.value.getBoundingClientRect();
    if (box.height === 0) return; // In a tab that is not shown.
    height.value ||= (box.height - above.value - below.value) / drawn.value.length;
    const at = (px: number) => Math.floor((px - box.top) / height.value);
    first.value = Math.max(0, Math.min(at(0) - SPARE, rows().length - FEW));
    last.value = Math.min(rows().length, Math.max(at(window.innerHeight) + SPARE, first.value + FEW));
  }
  watch(rows, () => nextTick(look));
  // Its tab may be shown later than it stands in it.
  const shown = new ResizeObserver(look);
  watch(body, (now) => {
    shown.disconnect();
    if (!now) return;
    now.style.overflowAnchor = "none"; // Or the browser scrolls after the rows that come and go.
    shown.observe(now.closest("table") ?? now);
  });
  onMounted(() => {
    // Whatever it is that scrolls: the table's own box or the page around it.
    document.addEventListener("scroll", look, { capture: true, passive: true });
    window.addEventListener("resize", look);
  });
  onBeforeUnmount(() => {
    shown.disconnect();
    document.removeEventListener("scroll", look, { capture: true });
    window.removeEventListener("resize", look);
  });

  return { drawn, above, below };
}
