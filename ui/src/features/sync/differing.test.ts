import { describe, expect, it } from "vitest";

import { differing } from "./differing";
import { Speed } from "./useMoving";

describe("two texts of one field", () => {
  it("show what was added and taken out, a number as a whole", () => {
    expect(differing("管网2.4公里，检查井36座", "管网2.6公里，检查井36座，含支管")).toEqual([
      { text: "管网", is: "same" },
      { text: "2.4", is: "gone" },
      { text: "2.6", is: "added" },
      { text: "公里，检查井36座", is: "same" },
      { text: "，含支管", is: "added" },
    ]);
  });
  it("stand side by side without marks when they have little in common", () => {
    expect(differing("黑臭水体治理", "新建垃圾收运点一处")).toEqual([{ text: "新建垃圾收运点一处", is: "same" }]);
  });
});

describe("the speed of an exchange", () => {
  const sending = (done: number) => ({ step: "sending" as const, done, of: 10_000 });
  it("is nothing until there is something to measure, then what came in the last seconds", () => {
    const speed = new Speed();
    speed.note(sending(0), 0);
    expect(speed.perSecond()).toBeNull();
    speed.note(sending(2_000), 1_000);
    expect(speed.perSecond()).toBe(2_000);
    expect(speed.secondsFor(8_000)).toBe(4);
  });
  it("begins anew with another step, and forgets how fast it was long ago", () => {
    const speed = new Speed();
    speed.note(sending(0), 0);
    speed.note(sending(9_000), 1_000);
    for (let at = 2; at < 20; at += 1) speed.note(sending(9_000), at * 1_000);
    expect(speed.perSecond()).toBe(0);
    expect(speed.secondsFor(1_000)).toBeNull();
    speed.note({ step: "receiving", done: 10, of: 20 }, 30_000);
    expect(speed.perSecond()).toBeNull();
  });
});
