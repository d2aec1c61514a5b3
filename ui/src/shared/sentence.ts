/**
 * A refusal as a sentence. The words are the app's (`crates/app/texts`), chosen
 * by the code alone; the blanks are filled with the catalog's labels where a
 * blank names a field, a kind, a state or a role. A code without a sentence
 * still gets one that says so and names it.
 */
import en from "@texts/en.json";
import zh from "@texts/zh-CN.json";

import type { ErrorView } from "@/backend";

import { useCatalog } from "./catalog";
import { useLanguage } from "./language";

type Sentences = Record<string, string>;
const SENTENCES: Record<"zh" | "en", Sentences> = { zh: zh as Sentences, en: en as Sentences };

/** Fills `{blanks}` by name; a blank that nothing fills stays as it is, so that it is noticed. */
export function fill(sentence: string, blanks: Record<string, string>): string {
  return sentence.replace(/\{(\w+)\}/g, (blank, name: string) => blanks[name] ?? blank);
}

export function useSentence() {
  const { english, t } = useLanguage();
  const { catalog, fieldLabel, kindLabel, stateLabel, roleLabel } = useCatalog();

  /** The label of a blank's value, in the words of `kind` where it is known. */
  function named(blank: string, value: string, kind: string | undefined): string {
    const kinds = kind ? [kind] : catalog.value.kinds.map((one) => one.kind);
    const first = (label: (kind: string) => string) => kinds.map(label).find((text) => text !== value) ?? value;
    switch (blank) {
      case "field":
        return first((one) => fieldLabel(one, value));
      case "kind":
        return kindLabel(value);
      case "state":
      case "from":
      case "to":
        return first((one) => stateLabel(one, value));
      case "role":
        return roleLabel(value);
      default:
        return value;
    }
  }

  /** The sentence of `error`; `kind` is the record's, where there is one. */
  function sentence(error: ErrorView, kind?: string): string {
    const known = SENTENCES[english.value ? "en" : "zh"][error.code];
    const of = error.fields.kind ?? kind;
    const blanks = Object.fromEntries(Object.entries(error.fields).map(([blank, value]) => [blank, named(blank, value, of)]));
    return known ? fill(known, blanks) : t("shared.unknownCode", { code: error.code });
  }

  return { sentence };
}
