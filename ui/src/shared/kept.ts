/**
 * Settings of the screen that this laptop keeps: a unit, the columns of a list,
 * what is folded. Never anything that a person wrote about people: the window's
 * own storage is not encrypted.
 */
import { customRef, ref, type Ref } from "vue";

const PREFIX = "nonghuan.";
const known = new Map<string, Ref<unknown>>();

function read<T>(name: string, fallback: T): T {
  const text = localStorage.getItem(PREFIX + name);
  if (text === null) return fallback;
  try {
    return JSON.parse(text) as T;
  } catch {
    return fallback; // Kept by another version of the window.
  }
}

/** One setting, the same everywhere that it is asked for, kept as soon as it is set. */
export function useKept<T>(name: string, fallback: T): Ref<T> {
  const before = known.get(name);
  if (before) return before as Ref<T>;
  const value = ref(read(name, fallback)) as Ref<T>;
  const setting = customRef<T>((track, trigger) => ({
    get() {
      track();
      return value.value;
    },
    set(to) {
      value.value = to;
      localStorage.setItem(PREFIX + name, JSON.stringify(to));
      trigger();
    },
  }));
  known.set(name, setting as Ref<unknown>);
  return setting;
}

/** Forgets what was read; a test begins with what is kept. */
export function forgetKept(): void {
  known.clear();
}
