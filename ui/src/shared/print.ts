/**
 * Onto paper: what a screen shows in part, paper shows whole. A page that has
 * more than is drawn (a list of which only the rows in sight are) brings the
 * rest while `printing` holds; forms stand as text, without their boxes.
 */
import { nextTick, onBeforeUnmount, readonly, ref } from "vue";

const now = ref(false);
const brings = new Set<() => Promise<void>>();

/** Whether the page is being made ready for paper, or lies on it. */
export const printing = readonly(now);

/** Awaits `bring` before each printing, for as long as the component is there. */
export function usePrinted(bring: () => Promise<void>): void {
  brings.add(bring);
  onBeforeUnmount(() => brings.delete(bring));
}

export async function printPage(): Promise<void> {
  now.value = true;
  window.addEventListener("afterprint", () => (now.value = false), { once: true });
  await Promise.all([...brings].map((bring) => bring()));
  await nextTick();
  window.print();
}
