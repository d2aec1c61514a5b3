import { flushPromises } from "@vue/test-utils";
import { describe, expect, it, vi } from "vitest";

import { laptop, no } from "@tests/laptop";
import { byId, onStage } from "@tests/stage";
import EnrolForm from "./EnrolForm.vue";
import UnlockForm from "./UnlockForm.vue";

const ok = <T>(value: T) => Promise.resolve({ ok: true as const, value });
const fill = async (form: Awaited<ReturnType<typeof onStage>>, testid: string, text: string) => {
  const field = byId(form, testid);
  await (field.element instanceof HTMLInputElement || field.element instanceof HTMLTextAreaElement ? field : field.find("input, textarea")).setValue(text);
};

describe("the first start", () => {
  it("takes the code out of a picture, and enrols only with the same PIN twice", async () => {
    const backend = laptop([], [], { codeInPicture: () => ok("NH1-ABCDE") });
    const enrol = vi.spyOn(backend, "enrol");
    const form = await onStage(EnrolForm, backend);
    const input = byId(form, "code-picture");
    Object.defineProperty(input.element, "files", { value: [{ name: "qr.png", arrayBuffer: () => Promise.resolve(new ArrayBuffer(1)) }] });
    await input.trigger("change");
    await flushPromises();
    await fill(form, "enrol-name", "李明");
    await fill(form, "pin", "2468");
    await fill(form, "pin-again", "2469");
    expect(byId(form, "enrol").attributes("disabled"), "two PINs that differ").toBeDefined();
    await fill(form, "pin-again", "2468");
    await form.trigger("submit");
    expect(enrol).toHaveBeenCalledWith({ code: "NH1-ABCDE", name: "李明", pin: "2468" });
    form.unmount();
  });
});

describe("a locked laptop", () => {
  it("holds up whoever was wrong too often, and lets him try again afterwards", async () => {
    vi.useFakeTimers();
    const form = await onStage(UnlockForm, laptop([], [], { unlock: () => no("pinTooSoon", { seconds: "2" }) }), { person: "李明" });
    await fill(form, "pin", "0000");
    await form.trigger("submit");
    await flushPromises();
    expect(form.text()).toContain("2 秒");
    expect(byId(form, "unlock").attributes("disabled")).toBeDefined();
    vi.advanceTimersByTime(2_000);
    await flushPromises();
    expect(byId(form, "refusal").exists()).toBe(false);
    vi.useRealTimers();
    form.unmount();
  });
  it("is opened with the recovery key, which sets another PIN", async () => {
    const backend = laptop([], [], { setPin: () => ok({ stage: "open", person: "李明", role: "clerk", scopes: [], practice: false }) });
    const setPin = vi.spyOn(backend, "setPin");
    const form = await onStage(UnlockForm, backend, { person: "李明" });
    await byId(form, "forgotten").trigger("click");
    await fill(form, "recovery-key-input", "abcd-efgh");
    await fill(form, "new-pin", "1357");
    await fill(form, "new-pin-again", "1357");
    await form.trigger("submit");
    await flushPromises();
    expect(setPin).toHaveBeenCalledWith("abcd-efgh", "1357");
    expect(form.emitted("done")).toHaveLength(1);
    form.unmount();
  });
});
