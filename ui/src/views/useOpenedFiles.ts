/** What an opened file leads to: a bundle is read, a release is looked into, a package is checked. */
import { ElMessage } from "element-plus";
import { watch } from "vue";
import { useRouter } from "vue-router";

import { useLanguage } from "@/shared/language";
import { isBundle, isRelease, nameOf, useOpened } from "@/shared/opened";

export function useOpenedFiles(): void {
  const router = useRouter();
  const { t } = useLanguage();
  const { opened, take } = useOpened();

  async function lead(): Promise<void> {
    const taken = take();
    if (!taken) return;
    const { file, others } = taken;
    if (others > 0) ElMessage({ message: t("views.oneAtATime", { file: nameOf(file), count: others }), duration: 10_000, showClose: true });
    if (isBundle(file)) await router.push({ path: "/sync", query: { bundle: file } });
    else if (isRelease(file)) await router.push({ path: "/update", query: { file } });
    else await router.push({ path: "/verify", query: { file } });
  }
  watch(opened, (file) => void (file && lead()), { immediate: true });
}
