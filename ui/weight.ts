/**
 * What the window's pages may weigh, looked at in every build: a page that grows
 * beyond it, or that loads charts or the map before they are asked for, is no build.
 */
import { gzipSync } from "node:zlib";

import type { Plugin } from "vite";

/** All pages together, compressed, in bytes. */
export const MOST = 1_500_000;
/** What is loaded when it is first needed, by a part of its modules' paths. */
const LATER = ["/node_modules/echarts/", "/node_modules/zrender/", "/src/features/map/Map"];

/** What a build is made of, as Rollup names it. */
export interface Part {
  type: "chunk" | "asset";
  fileName: string;
  code?: string;
  source?: string | Uint8Array;
  isEntry?: boolean;
  imports?: string[];
  moduleIds?: string[];
}

/** What is wrong with the weight of these parts, in a sentence each. */
export function tooHeavy(parts: Part[], most = MOST): string[] {
  const weight = parts.reduce((sum, part) => sum + gzipSync(part.code ?? part.source ?? "").length, 0);
  const wrong = weight > most ? [`the pages weigh ${weight} bytes compressed; at most ${most} may be`] : [];
  const named = new Map(parts.map((part) => [part.fileName, part]));
  const atOnce = new Set(parts.filter((part) => part.isEntry));
  // A set that grows while it is walked is walked to its end.
  for (const part of atOnce) for (const name of part.imports ?? []) if (named.has(name)) atOnce.add(named.get(name)!);
  for (const part of atOnce) {
    const early = LATER.filter((later) => part.moduleIds?.some((id) => id.replaceAll("\\", "/").includes(later)));
    for (const one of early) wrong.push(`${part.fileName} loads ${one} at the start`);
  }
  return wrong;
}

export function weight(): Plugin {
  return {
    name: "nonghuan-weight",
    generateBundle(_, bundle) {
      const wrong = tooHeavy(Object.values(bundle) as Part[]);
      if (wrong.length > 0) this.error(wrong.join("; "));
    },
  };
}
