/** The language of the moment, and the catalog's labels in it. */
import { computed } from "vue";
import { useI18n } from "vue-i18n";

import type { Label } from "@/backend";

export function useLanguage() {
  const { t, locale } = useI18n();
  const english = computed(() => locale.value === "en");
  const label = (of: Label): string => (english.value ? of.en : of.zh);
  return { t, locale, english, label };
}
