/** Going on from a form: with edits it is asked, with a save under way it is waited for. */
import { flushPromises } from "@vue/test-utils";
import { describe, expect, it, vi } from "vitest";
import { createMemoryHistory } from "vue-router";

import type { Answer, Shown } from "@/backend";
import { makeRouter } from "@/router";
import RecordForm from "@/shared/record/RecordForm.vue";
import NewRecordView from "@/views/NewRecordView.vue";

import { field, kind, laptop, no, shown } from "./laptop";
import { byId, onStage } from "./stage";

const works = kind("works", [field("name", "text"), field("note", "text")]);
const record = shown("works", { name: "污水管网", note: null });

/** A form with an edit, saved by a laptop that answers when it is let; and the pages around it. */
async function saving(component: typeof RecordForm | typeof NewRecordView = RecordForm) {
  let say: (answer: Answer<Shown>) => void = () => {};
  const asked = () => new Promise<Answer<Shown>>((resolve) => (say = resolve));
  const made = component === NewRecordView;
  const form = await onStage(component, laptop([works], [record], { set: asked, add: asked }), made ? { kind: "works", prefill: {} } : { kind: works, record });
  const askToLeave = vi.fn(async () => false);
  const router = makeRouter(askToLeave, createMemoryHistory());
  await router.push("/findings");
  await byId(form, "field-note").setValue("急");
  return { form, router, askToLeave, submit: () => form.find("form").trigger("submit"), answer: (one: Answer<Shown>) => say(one) };
}
const done: Answer<Shown> = { ok: true, value: shown("works", { name: "污水管网", note: "急" }) };

describe("leaving a form", () => {
  it("asks about an edit that nobody saved", async () => {
    const { form, router, askToLeave } = await saving();
    await router.push("/duplicates");
    expect(askToLeave).toHaveBeenCalledOnce();
    expect(router.currentRoute.value.path, "whoever stays, stays").toBe("/findings");
    form.unmount();
    await router.push("/duplicates");
    expect(router.currentRoute.value.path, "a form that is gone is asked about no more").toBe("/duplicates");
  });
  it("waits for the save that is under way, and asks nothing when it was saved", async () => {
    const { form, router, askToLeave, submit, answer } = await saving();
    await submit();
    const going = router.push("/duplicates");
    await flushPromises();
    expect(router.currentRoute.value.path, "not before the laptop has it").toBe("/findings");
    answer(done);
    await going;
    expect(askToLeave, "a save is no loose edit").not.toHaveBeenCalled();
    expect(router.currentRoute.value.path).toBe("/duplicates");
    form.unmount();
  });
  it("asks when that save was refused, or when more was typed meanwhile", async () => {
    for (const [outcome, more] of [[await no("storageFull"), null], [done, "更急"]] as const) {
      const { form, router, askToLeave, submit, answer } = await saving();
      await submit();
      if (more) await byId(form, "field-note").setValue(more);
      const going = router.push("/duplicates");
      answer(outcome);
      await going;
      expect(askToLeave, more ?? "refused").toHaveBeenCalledOnce();
      form.unmount();
    }
  });
  it("does not fetch back whoever went on while a new record was saved", async () => {
    for (const goesOn of [true, false]) {
      const { form, router, submit, answer } = await saving(NewRecordView);
      const open = vi.spyOn(form.vm.$router, "replace");
      await submit();
      const going = goesOn ? router.push("/duplicates") : null;
      await flushPromises();
      answer(done);
      await going;
      await flushPromises();
      expect(open, goesOn ? "he is elsewhere" : "its own page opens").toHaveBeenCalledTimes(goesOn ? 0 : 1);
      form.unmount();
    }
  });
});
