import { flushPromises } from "@vue/test-utils";
import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";

import type { Answer, Backend, Stage } from "@/backend";
import App from "@/App.vue";

import { field, kind, laptop, no, shown } from "@tests/laptop";
import { byId, onStage } from "@tests/stage";
import { closeDrafts, dropDraft, isWritten, keepDraft, keptDraft, openDrafts, writeDrafts } from "./drafts";
import RecordForm from "./record/RecordForm.vue";

const works = kind("works", [field("name", "text"), field("note", "text")]);
const record = () => shown("works", { name: "污水管网" });
const kept = async (backend: Backend) => {
  const answer = await backend.drafts();
  return answer.ok ? Object.fromEntries(answer.value.map((draft) => [draft.name, draft.fields])) : answer.error;
};
/** The window is closed and another is opened over the same laptop: only what the laptop has is left. */
const restart = (backend: Backend) => openDrafts(backend);

beforeEach(() => closeDrafts());
afterEach(() => vi.useRealTimers());

describe("a draft over a restart", () => {
  const typed = async (backend: Backend, text: string) => {
    const form = await onStage(RecordForm, backend, { kind: works, record: record() });
    await byId(form, "field-note").setValue(text);
    await writeDrafts();
    return form;
  };

  it("is offered again, taken up, and gone once it is saved", async () => {
    const backend = laptop([works], [record()]);
    await openDrafts(backend);
    (await typed(backend, "昨天写的")).unmount();
    await restart(backend);
    const form = await onStage(RecordForm, backend, { kind: works, record: record() });
    await byId(form, "draft-offer").find("button").trigger("click");
    expect((byId(form, "field-note").element as HTMLInputElement).value).toBe("昨天写的");
    await form.find("form").trigger("submit");
    await flushPromises();
    await writeDrafts();
    expect(await kept(backend), "a saved edit is no draft").toEqual({});
  });
  it("stays away once it was given up", async () => {
    const backend = laptop([works], [record()]);
    await openDrafts(backend);
    (await typed(backend, "不要的")).unmount();
    await restart(backend);
    const form = await onStage(RecordForm, backend, { kind: works, record: record() });
    await byId(form, "draft-offer").findAll("button")[1].trigger("click");
    await writeDrafts();
    form.unmount();
    await restart(backend);
    const again = await onStage(RecordForm, backend, { kind: works, record: record() });
    expect(byId(again, "draft-offer").exists()).toBe(false);
  });
  it("stays while it is only looked at", async () => {
    const backend = laptop([works], [record()]);
    await openDrafts(backend);
    (await typed(backend, "还要的")).unmount();
    await restart(backend);
    (await onStage(RecordForm, backend, { kind: works, record: record() })).unmount();
    await restart(backend);
    expect(keptDraft("works.r1")?.fields).toEqual({ note: "还要的" });
  });
  it("is nowhere but in the laptop", async () => {
    localStorage.clear();
    const backend = laptop([works], [record()]);
    await openDrafts(backend);
    await typed(backend, "王某某家的厕所");
    expect(localStorage.length, "the window's own storage is not encrypted").toBe(0);
  });
});

describe("edits on their way to the laptop", () => {
  it("go together, and no later than 300 ms after the first, however long the typing goes on", async () => {
    vi.useFakeTimers();
    const backend = laptop([works]);
    const keep = vi.spyOn(backend, "keepDraft");
    await openDrafts(backend);
    for (const note of ["污", "污水", "污水管"]) {
      keepDraft("works.r1", { note });
      await vi.advanceTimersByTimeAsync(99);
    }
    expect(keep).not.toHaveBeenCalled();
    await vi.advanceTimersByTimeAsync(3);
    expect(keep.mock.calls).toEqual([["works.r1", { note: "污水管" }]]);
  });
  it("go at once when the field is left or the window goes", async () => {
    const office = laptop([works], [record()], { stage: () => Promise.resolve({ ok: true, value: { stage: "open", person: "李明", role: "clerk", scopes: [], practice: false } }) });
    const window_ = await onStage(App, office);
    for (const moment of ["focusout", "blur", "pagehide"]) {
      keepDraft("works.r1", { note: moment });
      window.dispatchEvent(new Event(moment));
      await flushPromises();
      expect(await kept(office), moment).toEqual({ "works.r1": { note: moment } });
    }
    window_.unmount();
  });
  it("never overtake one another", async () => {
    const backend = laptop([works]);
    const { keepDraft: keep } = backend;
    let arrive = () => {};
    backend.keepDraft = async (name, fields) => {
      await new Promise<void>((resolve) => (arrive = resolve));
      return keep(name, fields);
    };
    await openDrafts(backend);
    keepDraft("works.r1", { note: "慢" });
    void writeDrafts();
    await flushPromises();
    dropDraft("works.r1");
    const done = writeDrafts();
    arrive();
    await done;
    expect(await kept(backend), "dropped last, so it is gone").toEqual({});
    expect(isWritten("works.r1")).toBe(true);
  });
  it("stay due when the laptop cannot take them; the form says why, until it can", async () => {
    const backend = laptop([works], [record()]);
    const { keepDraft: keep } = backend;
    backend.keepDraft = () => no("diskFull");
    await openDrafts(backend);
    const form = await onStage(RecordForm, backend, { kind: works, record: record() });
    await byId(form, "field-note").setValue("写不下");
    await writeDrafts();
    await flushPromises();
    expect(byId(form, "refusal").attributes("data-code")).toBe("diskFull");
    expect(byId(form, "unsaved").attributes("data-draft")).toBe("due");
    backend.keepDraft = keep;
    await writeDrafts();
    await flushPromises();
    expect(byId(form, "refusal").exists()).toBe(false);
    expect(byId(form, "unsaved").attributes("data-draft")).toBe("written");
    form.unmount();
  });
});

describe("a lock", () => {
  it("comes after the last edit, empties the window, and gives the drafts back to who has the PIN", async () => {
    const done: string[] = [];
    let stage: Stage = { stage: "open", person: "李明", role: "clerk", scopes: [], practice: false };
    const become = (next: Stage): Promise<Answer<Stage>> => Promise.resolve({ ok: true, value: (stage = next) });
    const office = laptop([works], [record()], {
      stage: () => become(stage),
      lock: () => (done.push("lock"), become({ stage: "locked", person: "李明" })),
      unlock: () => become({ stage: "open", person: "李明", role: "clerk", scopes: [], practice: false }),
    });
    const { keepDraft: keep } = office;
    office.keepDraft = (name, fields) => (done.push("keep"), keep(name, fields));
    const window_ = await onStage(App, office);

    keepDraft("works.r1", { note: "锁屏前写的" });
    await byId(window_, "lock").trigger("click");
    await flushPromises();
    expect(done, "a locked laptop takes nothing").toEqual(["keep", "lock"]);
    expect(keptDraft("works.r1"), "and nothing is left in the locked window").toBeNull();

    await byId(window_, "pin").setValue("246810");
    await window_.find("form").trigger("submit");
    await flushPromises();
    expect(keptDraft("works.r1")?.fields).toEqual({ note: "锁屏前写的" });
    window_.unmount();
  });
  it("asks first where what was typed could not be kept, and lets whoever stays go on", async () => {
    const open: Stage = { stage: "open", person: "李明", role: "clerk", scopes: [], practice: false };
    const lock = vi.fn(() => Promise.resolve<Answer<Stage>>({ ok: true, value: { stage: "locked", person: "李明" } }));
    const full = laptop([works], [record()], { stage: () => Promise.resolve({ ok: true, value: open }), lock, keepDraft: () => no("diskFull") });
    const window_ = await onStage(App, full);
    const form = await onStage(RecordForm, full, { kind: works, record: record() });
    await byId(form, "field-note").setValue("磁盘满时写的");
    const asked = () => document.querySelector(".el-message-box");
    const press = async (word: string) => {
      await vi.waitFor(() => expect(asked()?.textContent, "it says what would be lost").toContain("现在离开就没有了"));
      [...document.querySelectorAll<HTMLElement>(".el-message-box__btns button")].find((one) => one.textContent?.includes(word))?.click();
      await flushPromises();
    };
    await byId(window_, "lock").trigger("click");
    await press("留下");
    expect(lock, "nothing is lost in silence").not.toHaveBeenCalled();
    await vi.waitFor(() => expect(asked()).toBeNull());
    await byId(window_, "lock").trigger("click");
    await press("仍然锁定");
    await vi.waitFor(() => expect(lock, "who says so locks").toHaveBeenCalledOnce());
    form.unmount();
    window_.unmount();
  });
});

describe("a closed window", () => {
  it("asks once, and only where what was typed could not be kept", async () => {
    let close: () => Promise<boolean> = () => Promise.reject(new Error("nobody listens"));
    const open: Stage = { stage: "open", person: "李明", role: "clerk", scopes: [], practice: false };
    const office = laptop([works], [record()], {
      stage: () => Promise.resolve({ ok: true, value: open }),
      onClosing: (mayClose) => Promise.resolve(((close = mayClose), () => {})),
    });
    const { keepDraft: keep } = office;
    const window_ = await onStage(App, office);
    const form = await onStage(RecordForm, office, { kind: works, record: record() });
    await byId(form, "field-note").setValue("关窗前写的");
    expect(await close(), "the draft is kept, so nothing is asked").toBe(true);

    office.keepDraft = () => no("diskFull");
    await byId(form, "field-note").setValue("磁盘满时写的");
    const [first, second] = [close(), close()];
    expect(await second, "whoever presses twice is asked once").toBe(false);
    await vi.waitFor(() => expect(document.querySelector(".el-message-box")?.textContent).toContain("仍然关闭"));
    document.querySelector<HTMLElement>(".el-message-box__btns .el-button--primary")?.click();
    expect(await first, "to stay is what Enter does").toBe(false);

    office.keepDraft = keep;
    expect(await close(), "there is room again").toBe(true);
    form.unmount();
    window_.unmount();
  });
});
