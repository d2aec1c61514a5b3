/** Where the hand is in a table of any length: the cell, the block that is marked, and what the keys do. */
import { computed, ref, type Ref } from "vue";

export interface Spot {
  row: number;
  column: number;
}

/** A page of the keyboard, in rows. */
const PAGE = 15;

export function useGrid(rows: Ref<number>, columns: Ref<number>) {
  const at = ref<Spot>({ row: 0, column: 0 });
  const anchor = ref<Spot>({ row: 0, column: 0 });
  const marked = computed(() => ({
    top: Math.min(at.value.row, anchor.value.row),
    bottom: Math.max(at.value.row, anchor.value.row),
    left: Math.min(at.value.column, anchor.value.column),
    right: Math.max(at.value.column, anchor.value.column),
  }));
  const isMarked = (row: number, column: number) => {
    const { top, bottom, left, right } = marked.value;
    return row >= top && row <= bottom && column >= left && column <= right;
  };
  const several = computed(() => marked.value.top !== marked.value.bottom || marked.value.left !== marked.value.right);

  function go(row: number, column: number, extend = false): void {
    const within = (value: number, count: number) => Math.max(0, Math.min(count - 1, value));
    at.value = { row: within(row, rows.value), column: within(column, columns.value) };
    if (!extend) anchor.value = { ...at.value };
  }

  /** Moves by a key; whether it was one that moves. */
  function step(event: Pick<KeyboardEvent, "key" | "ctrlKey" | "metaKey" | "shiftKey">): boolean {
    const { row, column } = at.value;
    const far = event.ctrlKey || event.metaKey;
    const steps: Record<string, [number, number]> = {
      ArrowDown: [far ? rows.value - 1 : row + 1, column],
      ArrowUp: [far ? 0 : row - 1, column],
      ArrowRight: [row, far ? columns.value - 1 : column + 1],
      ArrowLeft: [row, far ? 0 : column - 1],
      PageDown: [row + PAGE, column],
      PageUp: [row - PAGE, column],
      Home: [far ? 0 : row, far ? column : 0],
      End: [far ? rows.value - 1 : row, far ? column : columns.value - 1],
    };
    if (!(event.key in steps)) return false;
    go(...steps[event.key], event.shiftKey);
    return true;
  }

  return { at, marked, several, isMarked, go, step };
}
