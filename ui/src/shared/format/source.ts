/**
 * A clause as a person may look it up. The catalog's sources also name places in
 * this program's own papers (`domain_forms F9`, `S62`), which say nothing to an
 * official; without those it may be that nothing is left.
 */
export function printSource(source: string | null | undefined): string {
  const own = /domain(_forms|\.md)?[^；（(]*|[（(](\s*[SF]\d+\s*[、，,]?)+[）)]/g;
  const left = (source ?? "").replace(own, "").replace(/[（(]S\d+[，,、]\s*/g, "（");
  return left.split("；").map((one) => one.trim()).filter(Boolean).join("；");
}
