/** What a running exchange is doing, with its speed and the time that is left. */
import { onBeforeUnmount, onMounted, ref } from "vue";

import { useBackend, type Moving } from "@/backend";

/** How far back the speed is measured, in milliseconds: long enough not to jump, short enough to notice a slow line. */
const SPAN = 8_000;

/** The speed of something that moves, measured over the last seconds. */
export class Speed {
  private samples: { at: number; done: number }[] = [];
  private step = "";

  /** Takes note of how much is done by now; another step begins anew. */
  note(moving: Moving, at: number): void {
    if (moving.step !== this.step || (this.samples.at(-1)?.done ?? 0) > moving.done) this.samples = [];
    this.step = moving.step;
    this.samples.push({ at, done: moving.done });
    while (this.samples.length > 2 && at - this.samples[0].at > SPAN) this.samples.shift();
  }
  /** In a second; `null` while nothing can be said. */
  perSecond(): number | null {
    const [first, last] = [this.samples[0], this.samples.at(-1)];
    if (!first || !last || last.at - first.at < 500) return null;
    return ((last.done - first.done) * 1000) / (last.at - first.at);
  }
  /** Seconds that `left` still takes. */
  secondsFor(left: number): number | null {
    const speed = this.perSecond();
    return speed && speed > 0 ? Math.ceil(left / speed) : null;
  }
}

export function useMoving() {
  const backend = useBackend();
  const moving = ref<Moving | null>(null);
  const perSecond = ref<number | null>(null);
  const secondsLeft = ref<number | null>(null);
  const speed = new Speed();
  let stop: (() => void) | undefined;

  function hear(now: Moving | null): void {
    moving.value = now;
    if (now) speed.note(now, performance.now());
    perSecond.value = now ? speed.perSecond() : null;
    secondsLeft.value = now ? speed.secondsFor(now.of - now.done) : null;
  }
  onMounted(async () => {
    stop = await backend.onMoving(hear);
    const answer = await backend.moving();
    if (answer.ok && answer.value) hear(answer.value);
  });
  onBeforeUnmount(() => stop?.());

  return { moving, perSecond, secondsLeft };
}
