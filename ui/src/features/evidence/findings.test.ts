import { flushPromises } from "@vue/test-utils";
import { expect, it } from "vitest";

import { kind, field, laptop } from "@tests/laptop";
import { byId, onStage } from "@tests/stage";

import type { FindingView } from "@/backend";

import FindingList from "./FindingList.vue";

const open: FindingView = { key: "k1", rule: "photoTwice", severity: "warn", clause: "台账", records: [], photos: [], text: "", fields: { photo: "村口.jpg", count: "2", places: "甲、乙" }, accepted: null };

it("a finding is accepted only with a remark, and then says who accepted it and why", async () => {
  let finding = open;
  const said: unknown[] = [];
  const backend = laptop([kind("finding_note", [field("remark", "text")])], [], {
    findings: () => Promise.resolve({ ok: true, value: { findings: [finding], unseen: 1 } }),
    acceptFinding: (key, works, remark) => {
      said.push([key, works, remark]);
      finding = { ...open, accepted: { by: "王审核", at: "2026-11-23T10:00:00+08:00", remark, note: "n1" } };
      return Promise.resolve({ ok: true, value: finding });
    },
  });
  const wrapper = await onStage(FindingList, backend, { works: "w1" });
  expect(byId(wrapper, "finding-photoTwice").text(), "the reason is a sentence with its blanks filled").toMatch(/村口\.jpg.*2.*甲、乙/);
  await byId(wrapper, "finding-accept").trigger("click");
  await wrapper.find("form").trigger("submit");
  expect(said, "without a remark nothing is accepted").toEqual([]);
  await wrapper.find('[data-testid="finding-remark"] input, input[data-testid="finding-remark"]').setValue(" 两处共用 ");
  await wrapper.find("form").trigger("submit");
  await flushPromises();
  expect(said).toEqual([["k1", "w1", "两处共用"]]);
  expect(wrapper.text()).toContain("王审核");
  expect(byId(wrapper, "finding-accept").exists(), "it waits for no answer any more").toBe(false);
});

it("a burst that asks one thing sixty times is folded, and answered together with one remark", async () => {
  const burst = Array.from({ length: 60 }, (_, at): FindingView => ({ ...open, key: `k${at}`, rule: "photoOutsideDates" }));
  const said: string[] = [];
  const backend = laptop([kind("finding_note", [field("remark", "text")])], [], {
    findings: () => Promise.resolve({ ok: true, value: { findings: burst, unseen: 0 } }),
    acceptFinding: (key, _works, remark) => (said.push(`${key} ${remark}`), Promise.resolve({ ok: true, value: burst[0] })),
  });
  const wrapper = await onStage(FindingList, backend, { works: "w1" });
  expect(wrapper.findAll('[data-testid="finding-photoOutsideDates"]').length, "a few of them").toBe(4);
  expect(wrapper.text()).toContain("56");
  await byId(wrapper, "findings-accept").trigger("click");
  await wrapper.find('[data-testid="findings-remark"] input, input[data-testid="findings-remark"]').setValue("连拍");
  await wrapper.find("form").trigger("submit");
  await flushPromises();
  expect(said.length, "every one of them, each with the remark").toBe(60);
  expect(said[59]).toBe("k59 连拍");
  const all = await onStage(FindingList, backend, { works: null });
  expect(byId(all, "findings-accept").exists(), "never over all works at once").toBe(false);
});
