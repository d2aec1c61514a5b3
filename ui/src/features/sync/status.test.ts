import { flushPromises } from "@vue/test-utils";
import { describe, expect, it, vi } from "vitest";

import type { Answer, SyncReport } from "@/backend";

import { laptop } from "@tests/laptop";
import { byId, onStage } from "@tests/stage";
import StatusPanel from "./StatusPanel.vue";

const report: SyncReport = {
  pushed: 3, pulled: 0, filled: 0, returned: 0, reborn: false, clockSkew: null, rules: null,
  verdicts: { accepted: 3, merged: 0, conflict: 0, refused: 0, waiting: 0 }, attachments: { sent: 0, received: 0 },
};

describe("the exchange by hand", () => {
  it("says nothing of the last exchange while the next one runs", async () => {
    const answers: ((answer: Answer<SyncReport>) => void)[] = [];
    const backend = laptop([]);
    vi.spyOn(backend, "sync").mockImplementation(() => new Promise((resolve) => answers.push(resolve)));
    const panel = await onStage(StatusPanel, backend);
    const exchange = () => byId(panel, "sync-now").trigger("click");
    await exchange();
    answers[0]({ ok: true, value: report });
    await flushPromises();
    expect(byId(panel, "sync-result").text()).toContain("3");
    await exchange();
    expect(byId(panel, "sync-result").exists(), "or whoever looks goes away too early").toBe(false);
  });
});
