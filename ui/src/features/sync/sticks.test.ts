import { flushPromises } from "@vue/test-utils";
import { describe, expect, it, vi } from "vitest";

import type { BundleTaken, StickView } from "@/backend";

import { laptop, no } from "@tests/laptop";
import { byId, onStage } from "@tests/stage";
import StickPanel from "./StickPanel.vue";

const ok = <T>(value: T) => Promise.resolve({ ok: true as const, value });
const stick: StickView = { name: "U盘", folder: "/media/U盘", free: 8_000_000_000, suggested: "/media/U盘/nonghuan-A.nhb", replies: [{ file: "/media/U盘/back.nhb", at: "2026-05-03T10:32:00+08:00", read: false }] };
const brought: BundleTaken["brought"] = {
  pushed: 3, pulled: 0, filled: 0, returned: 0, reborn: false, clockSkew: null, rules: null,
  verdicts: { accepted: 3, merged: 0, conflict: 0, refused: 0, waiting: 0 }, attachments: { sent: 0, received: 0 },
};

describe("the exchange on a stick", () => {
  it("reads a reply that it finds, and writes where the stick is", async () => {
    const backend = laptop([], [], { sticks: () => ok([stick]), readBundle: () => ok({ at: stick.replies[0].at, parts: 1, passedOver: 0, brought, more: false }) });
    const write = vi.spyOn(backend, "writeBundle");
    const panel = await onStage(StickPanel, backend);
    await byId(panel, "stick-read").trigger("click");
    await flushPromises();
    expect(byId(panel, "bundle-taken").text()).toContain("发出 3 条");
    await byId(panel, "stick-write").trigger("click");
    expect(write.mock.calls[0][0]).toBe(stick.suggested);
    panel.unmount();
  });
  it("says in a sentence that the stick was pulled out, and what was kept", async () => {
    const backend = laptop([], [], { sticks: () => ok([stick]), writeBundle: () => no("stickGone", { file: stick.suggested }) });
    const panel = await onStage(StickPanel, backend);
    await byId(panel, "stick-write").trigger("click");
    await flushPromises();
    expect(byId(panel, "refusal").text()).toContain("改动都在本机");
    panel.unmount();
  });
  it("reads a bundle that was opened from outside once", async () => {
    const backend = laptop([], [], { sticks: () => ok([]) });
    const read = vi.spyOn(backend, "readBundle");
    const panel = await onStage(StickPanel, backend, { bundle: "/x/back.nhb" });
    expect(read).toHaveBeenCalledTimes(1);
    expect(panel.emitted("taken"), "whoever opened it forgets it").toHaveLength(1);
    panel.unmount();
  });
});
