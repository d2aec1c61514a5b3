/**
 * The words of the window, zh-CN first. Each folder keeps its own texts beside
 * its components (`texts.ts`, `{ zh, en }`); here they meet under the folder's name.
 */
import { createI18n } from "vue-i18n";

export type Language = "zh" | "en";

export interface Texts {
  zh: Record<string, string>;
  en: Record<string, string>;
}

const modules = import.meta.glob<{ default: Texts }>(["./shared/texts.ts", "./shared/*/texts.ts", "./features/*/texts.ts", "./views/texts.ts"], {
  eager: true,
});

/** Every text by room and key: `messages.zh.works.newOne`. */
export function messages(): Record<Language, Record<string, Record<string, string>>> {
  const all: Record<Language, Record<string, Record<string, string>>> = { zh: {}, en: {} };
  for (const [path, module] of Object.entries(modules)) {
    const room = path.split("/").at(-2) ?? path;
    all.zh[room] = module.default.zh;
    all.en[room] = module.default.en;
  }
  return all;
}

const KEPT = "nonghuan.language";

export function keptLanguage(): Language {
  return localStorage.getItem(KEPT) === "en" ? "en" : "zh";
}

export function keepLanguage(language: Language): void {
  localStorage.setItem(KEPT, language);
}

export function makeI18n(language: Language = keptLanguage()) {
  return createI18n({ legacy: false, locale: language, fallbackLocale: "zh", messages: messages() });
}
