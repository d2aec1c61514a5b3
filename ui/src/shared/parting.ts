/**
 * The page goes, and with it what was typed: it is locked, or the window is
 * closed. What was typed is kept as a draft first; where the laptop could not
 * (a full disk), its person says whether the page goes all the same.
 */
import { ElMessageBox } from "element-plus";

import { draftRefusal, writeDrafts } from "./drafts";
import { useLanguage } from "./language";
import { useSentence } from "./sentence";
import { hasUnsaved, letSavesEnd } from "./unsaved";

/** Somebody who presses twice is asked once. */
let asking = false;

/** Asks whether the page may go; `allTheSame` is on the button of whoever gives up what was typed. */
export function useParting(): (allTheSame: string) => Promise<boolean> {
  const { t } = useLanguage();
  const { sentence } = useSentence();

  async function mayGo(allTheSame: string): Promise<boolean> {
    await letSavesEnd();
    await writeDrafts();
    if (!draftRefusal.value || !hasUnsaved()) return true;
    const words = { confirmButtonText: t("shared.stay"), cancelButtonText: allTheSame, distinguishCancelAndClose: true };
    return ElMessageBox.confirm(`${sentence(draftRefusal.value)}${t("shared.goingLoses")}`, t("shared.leaveTitle"), words).then(
      () => false,
      (action) => action === "cancel",
    );
  }
  return async (allTheSame) => {
    if (asking) return false;
    asking = true;
    return mayGo(allTheSame).finally(() => (asking = false));
  };
}
