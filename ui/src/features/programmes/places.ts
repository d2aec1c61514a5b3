/**
 * The line of a programme's text that a problem is about. A problem names its
 * place by the table and the name in it (`rule.grant`, `share[2]`, `from`) or, for
 * text that is no TOML, by the line itself.
 */
import type { PlacedProblem } from "@/backend";

const HEAD = /^\s*\[\[?\s*([\w.]+)\s*\]?\]/;

interface Table {
  name: string;
  /** Lines from 0: its heading, and the first line after it. */
  from: number;
  to: number;
}

function tablesOf(lines: string[]): Table[] {
  const tables: Table[] = [{ name: "", from: 0, to: lines.length }];
  lines.forEach((line, at) => {
    const head = HEAD.exec(line);
    if (!head) return;
    tables.at(-1)!.to = at;
    tables.push({ name: head[1], from: at, to: lines.length });
  });
  return tables;
}

/** From 1; the first line where the place is not found. */
export function lineOf(text: string, { place, problem }: PlacedProblem): number {
  const given = Number(problem.fields.line);
  if (Number.isInteger(given) && given > 0) return given;
  const lines = text.split("\n");
  const tables = tablesOf(lines);
  const [table, name = ""] = place.split(/[.[\]]/).filter(Boolean);
  if (!table) return 1;
  const own = tables.filter((one) => one.name === table);
  const byNumber = /\[\d+\]/.test(place) ? own[Math.max(0, Number(name) - 1)] : undefined;
  const named = own.find((one) => lines.slice(one.from, one.to).some((line) => new RegExp(`^\\s*(name|level)\\s*=\\s*"${name.replace(/[^\w-]/g, "")}"`).test(line)));
  const found = named ?? byNumber ?? own[0];
  if (found) return found.from + 1;
  const key = lines.findIndex((line) => line.startsWith(`${table} `) || line.startsWith(`${table}=`));
  return key >= 0 ? key + 1 : 1;
}
