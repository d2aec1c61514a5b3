/** Practice in the window: offered once, ticked by what the records say, ended after one question. */
import { flushPromises } from "@vue/test-utils";
import { beforeEach, describe, expect, it, vi } from "vitest";

import type { PracticePlaces } from "@/backend";
import { startAfresh } from "@/shared/afresh";
import { forgetKept } from "@/shared/kept";
import { field, kind, laptop, no, shown } from "@tests/laptop";
import { byId, onStage } from "@tests/stage";

import PracticeOffer from "./PracticeOffer.vue";
import TourPanel from "./TourPanel.vue";

vi.mock("@/shared/afresh", () => ({ startAfresh: vi.fn() }));

const places: PracticePlaces = { village: "v1", works: "w1", bareWorks: "w2", application: "a1", photo: "/there/练习照片.jpg" };
const works = kind("works", [field("name", "text"), field("photos", "attachments")]);
const records = () => [shown("works", { name: "沟" }, { id: "w1" }), shown("works", { name: "点" }, { id: "w2" }), shown("application", {}, { id: "a1" })];

beforeEach(() => {
  localStorage.clear();
  forgetKept();
  vi.mocked(startAfresh).mockClear();
});

describe("practice is offered", () => {
  it("until it is put off, and then not again", async () => {
    const first = await onStage(PracticeOffer, laptop([works]));
    await byId(first, "practise-later").trigger("click");
    expect(byId(first, "practice-offer").exists()).toBe(false);
    first.unmount();
    forgetKept();
    const later = await onStage(PracticeOffer, laptop([works]));
    expect(byId(later, "practice-offer").exists(), "the answer is kept on this laptop").toBe(false);
    later.unmount();
  });
  it("and begins the page anew, or says why it cannot", async () => {
    let refuse = true;
    const practise = vi.fn(() => (refuse ? no("diskFull") : Promise.resolve({ ok: true as const, value: { stage: "open" as const, person: "练习用户", role: "clerk", scopes: [], practice: true } })));
    const page = await onStage(PracticeOffer, laptop([works], [], { practise }), { plain: true });
    await byId(page, "practise").trigger("click");
    await flushPromises();
    expect(startAfresh, "nothing changed").not.toHaveBeenCalled();
    expect(page.find('[role="alert"]').exists(), "it says why").toBe(true);
    refuse = false;
    await byId(page, "practise").trigger("click");
    await flushPromises();
    expect(practise).toHaveBeenLastCalledWith("练习用户");
    expect(startAfresh, "no page may show what the other ledger said").toHaveBeenCalledOnce();
    page.unmount();
  });
});

describe("the guide", () => {
  it("takes the photo by the same way as any other, and ticks the station when the record has it", async () => {
    const all = records();
    const takeIn = vi.fn(() => {
      all[1].fields.photos = [{ sha256: "ab" }];
      return Promise.resolve({ ok: true as const, value: { files: [] } as never });
    });
    const page = await onStage(TourPanel, laptop([works], all, { practicePlaces: () => Promise.resolve({ ok: true, value: places }), takeIn }));
    await byId(page, "tour-next").trigger("click");
    expect(byId(page, "tour-done").exists()).toBe(false);
    await byId(page, "tour-photo").trigger("click");
    await flushPromises();
    expect(takeIn).toHaveBeenCalledWith("w2", "photos", [places.photo], expect.anything());
    expect(byId(page, "tour-done").exists(), "seen in the record itself").toBe(true);
    await byId(page, "tour-show").trigger("click");
    expect(page.emitted("lead")).toEqual([[{ path: "/works/w2", query: { tab: "photos" } }]]);
    page.unmount();
  });
  it("is not there on a real ledger", async () => {
    const page = await onStage(TourPanel, laptop([works], records()));
    expect(byId(page, "tour").exists()).toBe(false);
    page.unmount();
  });
});
