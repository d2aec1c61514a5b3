import { mount } from "@vue/test-utils";
import { describe, expect, it } from "vitest";
import { defineComponent, h, nextTick, watch } from "vue";

import { useSkin } from "./skin";

describe("what is painted", () => {
  it("is painted anew when the page turns dark, and no more once it is gone", async () => {
    let painted = 0;
    const canvas = mount(defineComponent({ setup: () => (watch(useSkin(), () => painted++), () => h("canvas")) }));
    const turn = async () => {
      document.documentElement.classList.toggle("dark");
      await nextTick();
      await nextTick();
    };
    await turn();
    expect(painted).toBe(1);
    canvas.unmount();
    await turn();
    expect(painted).toBe(1);
  });
});
