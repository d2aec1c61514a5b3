import { flushPromises } from "@vue/test-utils";
import { describe, expect, it } from "vitest";

import type { PhoneNews } from "@/backend";

import { laptop } from "@tests/laptop";
import { onStage } from "@tests/stage";
import PhoneButton from "./PhoneButton.vue";

describe("a phone's photos", () => {
  it("shows the code, what comes through the door and who shut it, and shuts it with the dialog", async () => {
    let tell: (news: PhoneNews) => void = () => {};
    let shut = 0;
    const view = { title: "村口桥东侧", addresses: [{ url: "http:\u002f/192.168.1.7:4711/abc", svg: "<svg></svg>" }] };
    const backend = laptop([], [], {
      openToPhone: (_id, _field, heard) => {
        tell = heard;
        return Promise.resolve({ ok: true, value: view });
      },
      shutPhone: () => {
        shut += 1;
        return Promise.resolve({ ok: true, value: null });
      },
    });
    const button = await onStage(PhoneButton, backend, { record: "r1", field: "after" });
    const at = (name: string) => document.querySelector(`[data-testid="${name}"]`);
    await button.find("button").trigger("click");
    await flushPromises();
    expect(at("phone-url")?.textContent).toContain("192.168.1.7");
    tell({ news: "began" });
    tell({ news: "kept", name: "a.jpg", same: false, count: 1 });
    tell({ news: "notKept", name: "b.txt", code: "notAPhoto" });
    await flushPromises();
    expect(at("phone-open")?.textContent, "each photo is told of").toContain("a.jpg");
    expect(at("phone-open")?.textContent, "with the reason where it was not taken").toContain("不是照片");
    tell({ news: "ended", by: "phone", count: 1 });
    await flushPromises();
    expect(at("phone-state")?.textContent).toContain("手机点了完成");
    button.unmount();
    expect(shut, "the door goes with the dialog").toBe(1);
  });
});
