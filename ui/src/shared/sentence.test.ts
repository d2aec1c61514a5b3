import { describe, expect, it } from "vitest";

import { field, kind, laptop } from "@tests/laptop";
import { byId, onStage } from "@tests/stage";
import RefusalNote from "./RefusalNote.vue";
import { fill } from "./sentence";

const kinds = [kind("works", [field("name", "text"), field("households", "integer"), field("amount", "money")])];
const says = async (code: string, fields: Record<string, string>) => byId(await onStage(RefusalNote, laptop(kinds), { error: { code, fields }, kind: "works" }), "refusal").text();

describe("a refusal's sentence", () => {
  it("fills its blanks and leaves what nothing fills to be seen", () => {
    expect(fill("{field}：没有 {given} 这一天", { field: "计划开工", given: "2025-02-30" })).toBe("计划开工：没有 2025-02-30 这一天");
    expect(fill("{field}要填", {})).toBe("{field}要填");
  });
  it("names fields, types and amounts in a person's words", async () => {
    expect(await says("wrongType", { field: "households", expected: "a whole number", given: "约三百" })).toMatch(/households的中文.*整数.*约三百/);
    expect(await says("outOfRange", { field: "amount", given: "-500", min: "0", max: "∞" })).toContain("-5.00 元");
  });
  it("says of what a table has too much in the reader's words", async () => {
    const large = { code: "tableTooLarge", fields: { name: "甲.xlsx", what: "unpacked", given: "9", limit: "8" } };
    expect(byId(await onStage(RefusalNote, laptop(kinds), { error: large }), "refusal").text()).toContain("解压后的字节数");
    expect(byId(await onStage(RefusalNote, laptop(kinds), { error: large }, "en"), "refusal").text()).toContain("bytes when unpacked");
  });
  it("says the catalog's own words in the language of the screen", async () => {
    const paper = kind("document", [field("sort", "choice", { choices: [{ value: "impact", label: { zh: "环评登记", en: "Environmental impact" } }] })]);
    const note = await onStage(RefusalNote, laptop([...kinds, paper]), { error: { code: "documentMissing", fields: { document: "环评登记" } } }, "en");
    expect(byId(note, "refusal").text()).toContain("Environmental impact");
    expect(byId(note, "refusal").text()).not.toMatch(/\p{Script=Han}/u);
  });
  it("says in Chinese what happened, and below it what the machine said in its own words", async () => {
    const note = await onStage(RefusalNote, laptop(kinds), { error: { code: "storage", fields: { reason: "disk I/O error" } } });
    expect(byId(note, "refusal").text()).toMatch(/^本机数据没有读写成功，以前的都在。/);
    expect(byId(note, "system-words").text(), "for whoever mends it").toContain("disk I/O error");
    const said = await onStage(RefusalNote, laptop(kinds), { error: { code: "notAWorkbook", fields: { name: "甲.xlsx", reason: "没有工作表" } } });
    expect(byId(said, "refusal").text(), "a reason in Chinese is part of the sentence").toContain("（没有工作表）");
    expect(byId(said, "system-words").exists()).toBe(false);
  });
  it.each(["zh", "en"] as const)("still says something useful for a code nobody wrote words for (%s)", async (language) => {
    const note = await onStage(RefusalNote, laptop(kinds), { error: { code: "aCodeOfNextYear", fields: {} }, kind: "works" }, language);
    expect(byId(note, "refusal").text()).toContain("aCodeOfNextYear");
    expect(byId(note, "refusal").text().length, "a sentence, not a code alone").toBeGreaterThan(30);
  });
});
