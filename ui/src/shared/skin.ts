/** The page's colours, for what is painted and not laid out: read anew when it turns light or dark. */
import { onBeforeUnmount, shallowRef, type ShallowRef } from "vue";

export function useSkin(): Readonly<ShallowRef<CSSStyleDeclaration>> {
  const page = document.documentElement;
  const skin = shallowRef(getComputedStyle(page));
  const turned = new MutationObserver(() => (skin.value = getComputedStyle(page)));
  turned.observe(page, { attributes: true, attributeFilter: ["class"] });
  onBeforeUnmount(() => turned.disconnect());
  return skin;
}
