/**
 * How the window is shown on this laptop: its size and whether it is light or
 * dark. Small letters on a small screen are the first thing that sends a person
 * back to paper, so the size is at hand: Ctrl with +, − and 0, as in a browser.
 */
import { computed, ref, watchEffect, type Ref } from "vue";

import type { Backend } from "@/backend";

import { useKept } from "./kept";

export const SIZES = [90, 100, 110, 125, 150] as const;
export const LIGHTS = ["system", "light", "dark"] as const;
export type Light = (typeof LIGHTS)[number];

export function useDisplay(): { size: Ref<number>; light: Ref<Light>; step: (by: 1 | -1) => void } {
  const size = useKept<number>("size", 100);
  const light = useKept<Light>("light", "system");
  function step(by: 1 | -1): void {
    const at = SIZES.findIndex((one) => one >= size.value);
    size.value = SIZES[Math.min(SIZES.length - 1, Math.max(0, at + by))];
  }
  return { size, light, step };
}

/** Shows the window as this laptop keeps it, from now on. */
export function keepDisplay(backend: Pick<Backend, "enlarge">): void {
  const { size, light, step } = useDisplay();
  const night = window.matchMedia("(prefers-color-scheme: dark)");
  const system = ref(night.matches);
  night.addEventListener("change", () => (system.value = night.matches));
  const dark = computed(() => (light.value === "system" ? system.value : light.value === "dark"));
  watchEffect(() => document.documentElement.classList.toggle("dark", dark.value));
  watchEffect(() => void backend.enlarge(size.value / 100));
  window.addEventListener("keydown", (event) => {
    if (!event.ctrlKey || event.altKey) return;
    if (event.key === "0") size.value = 100;
    else if (event.key === "+" || event.key === "=") step(1);
    else if (event.key === "-") step(-1);
    else return;
    event.preventDefault();
  });
}
