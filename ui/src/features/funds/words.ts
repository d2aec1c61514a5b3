/** Choices of the fund ledger in the catalog's own words. */
import { useCatalog } from "@/shared/catalog";
import { useLanguage } from "@/shared/language";

export function useFundWords() {
  const { findField } = useCatalog();
  const { label } = useLanguage();
  const choices = (field: "sort" | "level" | "stage") => findField("fund_entry", field)?.choices ?? [];
  const said = (field: "sort" | "level" | "stage", value: string | null): string => {
    const found = choices(field).find((one) => one.value === value);
    return found ? label(found.label) : (value ?? "");
  };
  return { choices, said };
}
