import { flushPromises } from "@vue/test-utils";
import { beforeEach, describe, expect, it, vi } from "vitest";

import type { Shown } from "@/backend";

import { field, kind, laptop, no, shown } from "@tests/laptop";
import { byId, onStage } from "@tests/stage";
import { closeDrafts, keepDraft, keptDraft } from "../drafts";
import RecordForm from "./RecordForm.vue";

const works = kind("works", [field("name", "text", { required: true }), field("contractor", "text", { required: { from: "contracted" } }), field("note", "text")], {
  state: ["planned", "contracted", "accepted"].map((name) => ({ name, label: { zh: `${name}态`, en: name }, from: [], by: [], needs: [], grounds: [], locks: name === "accepted" ? ["name"] : [], aside: false, complete: false })),
});
const record = (more: Partial<Shown> = {}) => shown("works", { name: "污水管网", contractor: "甲" }, { id: "r1", state: "planned", ...more });

beforeEach(() => closeDrafts());

describe("a record's form", () => {
  it("writes only what was edited, and says that it is on this laptop", async () => {
    const one = record();
    const backend = laptop([works], [one]);
    const set = vi.spyOn(backend, "set");
    const form = await onStage(RecordForm, backend, { kind: works, record: one });
    await byId(form, "field-contractor").setValue("乙");
    await form.find("form").trigger("submit");
    await flushPromises();
    expect(set).toHaveBeenCalledWith("r1", { contractor: "乙" });
    expect(byId(form, "saved").text()).toMatch(/^✔ 已存到本机 \d\d:\d\d$/);
    expect(keptDraft("works.r1"), "a saved edit is no draft").toBeNull();
  });
  it("puts a refusal beside the field that it names", async () => {
    const one = record();
    const form = await onStage(RecordForm, laptop([works], [one], { set: () => no("required", { field: "name" }) }), { kind: works, record: one });
    await byId(form, "field-name").setValue("");
    await form.find("form").trigger("submit");
    await flushPromises();
    expect(form.find('[data-field="name"] [data-testid="error-name"]').exists()).toBe(true);
    expect(byId(form, "refusal").exists(), "and not a second time above the form").toBe(false);
    await byId(form, "field-name").setValue("又一名");
    expect(byId(form, "error-name").exists(), "it goes when the field is mended").toBe(false);
  });
  it("takes its last save back as a change of its own, but never over what somebody wrote since", async () => {
    const one = record();
    const backend = laptop([works], [one]);
    const set = vi.spyOn(backend, "set");
    const form = await onStage(RecordForm, backend, { kind: works, record: shown("works", { ...one.fields }, { id: "r1", state: "planned" }) });
    const write = async (text: string) => {
      await byId(form, "field-contractor").setValue(text);
      await form.find("form").trigger("submit");
      await flushPromises();
      await form.setProps({ record: shown("works", { ...one.fields }, { id: "r1", state: "planned" }) });
    };
    await write("乙");
    await byId(form, "field-note").trigger("keydown", { key: "z", ctrlKey: true });
    expect(set, "a field takes its own letters back").toHaveBeenCalledTimes(1);
    window.dispatchEvent(new KeyboardEvent("keydown", { key: "z", ctrlKey: true }));
    expect(set, "a form that is not on the screen hears nothing").toHaveBeenCalledTimes(1);
    await byId(form, "undo-save").trigger("click");
    await flushPromises();
    expect(set).toHaveBeenLastCalledWith("r1", { contractor: "甲" });
    expect(byId(form, "undo-save").exists(), "once").toBe(false);
    await form.setProps({ record: shown("works", { ...one.fields }, { id: "r1", state: "planned" }) });
    await write("丙");
    one.fields.contractor = "别人写的";
    await byId(form, "undo-save").trigger("click");
    await flushPromises();
    expect(set, "not over another's").not.toHaveBeenLastCalledWith("r1", { contractor: "甲" });
    expect(form.text()).toContain("又有人改过");
  });
  it("shows a refusal without a field above the form", async () => {
    const one = record();
    const form = await onStage(RecordForm, laptop([works], [one], { set: () => no("storageFull") }), { kind: works, record: one });
    await byId(form, "field-note").setValue("x");
    await form.find("form").trigger("submit");
    await flushPromises();
    expect(byId(form, "refusal").attributes("data-code")).toBe("storageFull");
    expect(keptDraft("works.r1")?.fields, "what was typed is still here").toEqual({ note: "x" });
  });
  it("offers an unsaved draft again and takes it up", async () => {
    keepDraft("works.r1", { note: "昨天写的" });
    const one = record();
    const form = await onStage(RecordForm, laptop([works], [one]), { kind: works, record: one });
    expect((byId(form, "field-note").element as HTMLInputElement).value, "not before it is wanted").toBe("");
    await byId(form, "draft-offer").find("button").trigger("click");
    expect((byId(form, "field-note").element as HTMLInputElement).value).toBe("昨天写的");
  });
  it("makes a new record of what it started with and what was typed, and its page says that it is saved", async () => {
    const backend = laptop([works]);
    const add = vi.spyOn(backend, "add");
    const form = await onStage(RecordForm, backend, { kind: works, prefill: { name: "生建村工程" } });
    expect((byId(form, "save").element as HTMLButtonElement).disabled, "nothing was typed yet").toBe(true);
    await byId(form, "field-note").setValue("急");
    await form.find("form").trigger("submit");
    await flushPromises();
    expect(add).toHaveBeenCalledWith("works", { name: "生建村工程", note: "急" });
    const made = (form.emitted("saved")?.[0] as [Shown])[0];
    form.unmount();
    const page = await onStage(RecordForm, backend, { kind: works, record: made });
    expect(byId(page, "saved").exists()).toBe(true);
  });
  it("draws the block of the category that is chosen, and keeps what the other block held", async () => {
    const when = (value: string) => ({ field: "category", is: [value] });
    const blocks = kind("works", [field("name", "text"), field("category", "text"), field("bins", "integer", { section: "waste" }), field("capacity", "decimal", { section: "sewage" }), field("snapshot", "text", { hidden: true })], {
      section: [
        { name: "sewage", label: { zh: "生活污水", en: "Sewage" }, when: when("sewage") },
        { name: "waste", label: { zh: "生活垃圾", en: "Waste" }, when: when("waste") },
      ],
    });
    const one = shown("works", { name: "管网", category: "sewage", capacity: "8", snapshot: "{}" });
    const backend = laptop([blocks], [one]);
    const set = vi.spyOn(backend, "set");
    const form = await onStage(RecordForm, backend, { kind: blocks, record: one });
    expect(byId(form, "section-sewage").text()).toContain("生活污水");
    expect(byId(form, "section-waste").exists() || byId(form, "field-snapshot").exists(), "neither the other block nor what is the program's").toBe(false);
    expect(byId(form, "idle").exists()).toBe(false);
    await byId(form, "field-category").setValue("waste");
    expect(byId(form, "section-waste").exists()).toBe(true);
    expect(byId(form, "section-sewage").exists()).toBe(false);
    expect(byId(form, "idle").text(), "what is kept is said").toContain("capacity的中文");
    await form.find("form").trigger("submit");
    await flushPromises();
    expect(set, "and is not emptied").toHaveBeenCalledWith(one.id, { category: "waste" });
  });
  it("keeps the draft of an entry of one works away from another's", async () => {
    const entry = kind("progress", [field("works", "reference", { to: "works" }), field("note", "text")]);
    const one = await onStage(RecordForm, laptop([entry]), { kind: entry, prefill: { works: "w1" } });
    await byId(one, "field-note").setValue("一号工程的");
    one.unmount();
    const other = await onStage(RecordForm, laptop([entry]), { kind: entry, prefill: { works: "w2" } });
    expect(byId(other, "draft-offer").exists()).toBe(false);
    const again = await onStage(RecordForm, laptop([entry]), { kind: entry, prefill: { works: "w1" } });
    expect(byId(again, "draft-offer").exists()).toBe(true);
  });
  it("marks what is required in this state and locks what the state locks", async () => {
    const one = record({ state: "accepted" });
    const form = await onStage(RecordForm, laptop([works], [one]), { kind: works, record: one });
    expect(form.find('[data-field="contractor"] .star').exists(), "required from 'contracted' on").toBe(true);
    expect((byId(form, "field-name").element as HTMLInputElement).disabled).toBe(true);
    expect(form.find('[data-field="name"] .lock').text()).toContain("accepted态");
    expect((byId(form, "field-note").element as HTMLInputElement).disabled).toBe(false);
  });
  it("saves by Ctrl+S", async () => {
    const one = record();
    const backend = laptop([works], [one]);
    const set = vi.spyOn(backend, "set");
    const form = await onStage(RecordForm, backend, { kind: works, record: one });
    // jsdom lays nothing out, so visibility is said by hand.
    Object.defineProperty(form.find("form").element, "offsetParent", { value: document.body });
    await byId(form, "field-note").setValue("快");
    window.dispatchEvent(new KeyboardEvent("keydown", { key: "s", ctrlKey: true }));
    await flushPromises();
    expect(set).toHaveBeenCalledWith("r1", { note: "快" });
    form.unmount();
  });
});
