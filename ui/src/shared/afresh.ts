/**
 * The page from its beginning, where another ledger is behind it than a moment
 * ago: nothing that was read of the one may stay in any corner of the window.
 */
export function startAfresh(): void {
  window.location.hash = "#/";
  window.location.reload();
}
