/**
 * A refusal as a sentence. The words are the app's (`crates/app/texts`), chosen
 * by the code alone; the blanks are filled with the catalog's labels where a
 * blank names a field, a kind, a state or a role. A code without a sentence
 * still gets one that says so and names it.
 */
import { computed } from "vue";

import en from "@texts/en.json";
import zh from "@texts/zh-CN.json";

import type { ErrorView, Field } from "@/backend";

import { useCatalog } from "./catalog";
import { printMoment } from "./format/date";
import { printMoney } from "./format/money";
import { useLanguage } from "./language";

/** By code; `unknown` is said of a code that has no sentence. */
type Sentences = Record<string, string> & { unknown: string };
const SENTENCES: Record<"zh" | "en", Sentences> = { zh, en };

const IN_BRACKETS = "（{reason}）";

/** Fills `{blanks}` by name; a blank that nothing fills stays as it is, so that it is noticed. */
export function fill(sentence: string, blanks: Record<string, string>): string {
  return sentence.replace(/\{(\w+)\}/g, (blank, name: string) => blanks[name] ?? blank);
}

export function useSentence() {
  const { english, t, label } = useLanguage();
  const { catalog, findField, fieldLabel, kindLabel, stateLabel, roleLabel } = useCatalog();

  const words = computed(() => SENTENCES[english.value ? "en" : "zh"]);

  /** What the program says of a field's value in its own terms, in a person's. */
  function ofField(blank: string, value: string, field: Field): string {
    if (blank === "expected") return words.value[`wrongType.${field.type}`] ?? value;
    if (blank === "choices") return field.choices.map((choice) => label(choice.label)).join(t("shared.and"));
    const fen = field.type === "money" && /^-?\d+$/.test(value) && ["given", "min", "max"].includes(blank);
    return fen ? t("shared.yuanAmount", { amount: printMoney(Number(value), "yuan") }) : value;
  }

  /** English of what the program says in the catalog's own Chinese words: the name of a paper, of a sort of notice. */
  const inEnglish = computed(() => {
    if (!english.value) return new Map<string, string>();
    const choices = catalog.value.kinds.flatMap((one) => one.field.flatMap((field) => [field.label, ...field.choices.map((choice) => choice.label)]));
    return new Map([...choices, ...catalog.value.kinds.map((one) => one.label)].map((one) => [one.zh, one.en]));
  });

  /** The label of a blank's value, in the words of `kind` where it is known. */
  function named(blank: string, value: string, fields: ErrorView["fields"], kind: string | undefined): string {
    const kinds = kind ? [kind] : catalog.value.kinds.map((one) => one.kind);
    const field = kinds.map((one) => findField(one, fields.field ?? "")).find(Boolean);
    const first = (label: (kind: string) => string) => kinds.map(label).find((text) => text !== value) ?? value;
    switch (blank) {
      case "field":
        return first((one) => fieldLabel(one, value));
      case "kind":
      case "with":
        return kindLabel(value);
      case "state":
      case "from":
      case "to":
        // Of a record that is held fast by another, the state is the other's.
        return fields.with ? stateLabel(fields.with, value) : first((one) => stateLabel(one, value));
      case "role":
        return roleLabel(value);
      case "at":
        return printMoment(value);
      default:
        return field ? ofField(blank, value, field) : (inEnglish.value.get(value) ?? value);
    }
  }

  /** What the machine itself said, in its own English: a Chinese sentence does without, and whoever mends it finds it below. */
  function systemWords(error: ErrorView): string | null {
    const { reason } = error.fields;
    const foreign = !english.value && /[A-Za-z]{3}/.test(reason ?? "") && !/\p{Script=Han}/u.test(reason);
    return foreign && SENTENCES.zh[error.code]?.includes(IN_BRACKETS) ? reason : null;
  }

  /** The sentence of `error`; `kind` is the record's, where there is one. */
  function sentence(error: ErrorView, kind?: string): string {
    const sentences = words.value;
    const known = systemWords(error) ? sentences[error.code].replace(IN_BRACKETS, "") : sentences[error.code];
    const of = error.fields.kind ?? kind;
    // Some words are the program's own: of what a table has too much.
    const said = (blank: string, value: string) => sentences[`${error.code}.${value}`] ?? named(blank, value, error.fields, of);
    const blanks = Object.fromEntries(Object.entries(error.fields).map(([blank, value]) => [blank, said(blank, value)]));
    return known ? fill(known, blanks) : fill(sentences.unknown, { code: error.code });
  }

  return { sentence, systemWords };
}
