import { flushPromises } from "@vue/test-utils";
import { expect, it, vi } from "vitest";

import type { HistoryEntry } from "@/backend";

import { field, kind, laptop, shown } from "@tests/laptop";
import { onStage } from "@tests/stage";
import HistoryList from "./HistoryList.vue";

const works = kind("works", [field("name", "text"), field("note", "text"), field("photos", "attachments")]);
const entry = (seq: number, before: HistoryEntry["before"], after: HistoryEntry["after"], more: Partial<HistoryEntry> = {}): HistoryEntry => ({ seq, by: "李明", device: "d", at: "2026-05-01T08:00:00+08:00", skew: null, verdict: "accepted", before, after, ...more });

it("sets back what still stands as it was written, and nothing else", async () => {
  const record = shown("works", { name: "二", note: "又改", photos: [{ sha256: "a" }] });
  const history = () =>
    Promise.resolve({
      ok: true as const,
      value: [
        entry(1, {}, { name: "一", note: "原" }),
        entry(2, { name: "一", note: "原" }, { name: "二", note: "改" }),
        entry(3, { note: "改" }, { note: "又改" }),
        entry(4, { photos: [] }, { photos: [{ sha256: "a" }] }),
        entry(5, { name: "二" }, { name: "二之二" }, { verdict: "refused" }),
      ],
    });
  const backend = laptop([works], [record], { history });
  const set = vi.spyOn(backend, "set");
  const list = await onStage(HistoryList, backend, { record });
  const buttons = list.findAll('[data-testid="set-back"]');
  expect(buttons.length, "neither the beginning, nor photos, nor what was refused").toBe(2);
  await buttons[1].trigger("click");
  await flushPromises();
  expect(set, "the note was changed again since, so only the name goes back").toHaveBeenCalledWith("r1", { name: "一" });
});
