import { flushPromises } from "@vue/test-utils";
import { describe, expect, it } from "vitest";

import { field, kind, laptop, shown } from "@tests/laptop";
import { byId, onStage } from "@tests/stage";
import FieldInput from "./FieldInput.vue";

const things = [kind("thing", [field("name", "text")])];
const control = (of: ReturnType<typeof field>, modelValue: unknown = null) => onStage(FieldInput, laptop(things), { field: of, modelValue });
/** The last value that the control gave. */
const given = (wrapper: Awaited<ReturnType<typeof control>>) => wrapper.emitted("update:modelValue")?.at(-1)?.[0];
const problem = (wrapper: Awaited<ReturnType<typeof control>>) => (wrapper.emitted("problem")?.at(-1)?.[0] as { key: string } | null | undefined)?.key;

describe("the control of a field type", () => {
  it("gives text as typed, trimmed, and null when emptied", async () => {
    const wrapper = await control(field("note", "text"));
    await byId(wrapper, "field-note").setValue(" 清淤 ");
    expect(given(wrapper)).toBe("清淤");
    await byId(wrapper, "field-note").setValue("");
    expect(given(wrapper)).toBeNull();
  });
  it("gives long text a paragraph", async () => {
    const wrapper = await control(field("note", "text", { long: true }));
    expect(byId(wrapper, "field-note").element.tagName).toBe("TEXTAREA");
  });
  it("wants all digits of a code", async () => {
    const wrapper = await control(field("code", "text", { digits: 12 }));
    await byId(wrapper, "field-code").setValue("3209");
    expect(problem(wrapper)).toBe("shared.wrongDigits");
    await byId(wrapper, "field-code").setValue("320902103201");
    expect(given(wrapper)).toBe("320902103201");
  });
  it("keeps whole numbers whole and within their bounds", async () => {
    const wrapper = await control(field("percent", "integer", { unit: "%", min: 0, max: 100 }));
    expect(wrapper.text(), "the unit stands inside the field").toContain("%");
    for (const [text, key] of [["12.5", "shared.notAnInteger"], ["101", "shared.tooLarge"], ["-1", "shared.tooSmall"]]) {
      await byId(wrapper, "field-percent").setValue(text);
      expect(problem(wrapper), text).toBe(key);
    }
    await byId(wrapper, "field-percent").setValue("６０");
    expect(given(wrapper)).toBe(60);
  });
  it("keeps the digits of a decimal as text", async () => {
    const wrapper = await control(field("area", "decimal"));
    await byId(wrapper, "field-area").setValue("5.80");
    expect(given(wrapper)).toBe("5.80");
  });
  it("reads money in 万元 and says it in capitals", async () => {
    const wrapper = await control(field("amount", "money", { min: 0 }), 12_500_000);
    expect(byId(wrapper, "hint-amount").text()).toBe("12.50 万元 · 壹拾贰万伍仟元整");
    await byId(wrapper, "field-amount").setValue("46.5万");
    expect(given(wrapper)).toBe(46_500_000);
    await byId(wrapper, "field-amount").setValue("很多");
    expect(problem(wrapper)).toBe("shared.notMoney");
  });
  it("reads dates however they are typed, and knows the calendar", async () => {
    const wrapper = await control(field("start", "date"));
    await byId(wrapper, "field-start").setValue("2025.5.3");
    expect(given(wrapper)).toBe("2025-05-03");
    await byId(wrapper, "field-start").setValue("2025-2-30");
    expect(problem(wrapper)).toBe("shared.noSuchDate");
  });
  it("derives a rate's percentage and gives its parts", async () => {
    const wrapper = await control(field("rate", "rate"));
    await byId(wrapper, "field-rate").setValue("412");
    await byId(wrapper, "field-rate-denominator").setValue("812");
    expect(byId(wrapper, "percent-rate").text()).toBe("50.74%");
    expect(problem(wrapper), "a rate without its date says nothing").toBe("shared.rateDate");
    await byId(wrapper, "field-rate-asOf").setValue("20250630");
    await byId(wrapper, "field-rate-basis").setValue("户籍");
    expect(given(wrapper)).toEqual({ numerator: 412, denominator: 812, asOf: "2025-06-30", basis: "户籍" });
  });
  it("gives a place with its system, once both numbers are there", async () => {
    const wrapper = await control(field("place", "place"));
    await byId(wrapper, "field-place").setValue("120.31");
    expect(problem(wrapper)).toBe("shared.placeParts");
    await byId(wrapper, "field-place-lat").setValue("33.45");
    expect(given(wrapper)).toEqual({ lon: 120.31, lat: 33.45, accuracy: null, system: "wgs84" });
  });
  it("offers the choices by their labels", async () => {
    const choices = [{ value: "sewage", label: { zh: "生活污水", en: "Sewage" } }];
    const wrapper = await control(field("category", "choice", { choices }), "sewage");
    expect(wrapper.text()).toContain("生活污水");
  });
  it("shows a reference by its title, never by its id", async () => {
    const records = [shown("village", { name: "生建村" }, { id: "v1" })];
    const kinds = [kind("village", [field("name", "text")])];
    const wrapper = await onStage(FieldInput, laptop(kinds, records), { field: field("village", "reference", { to: "village" }), modelValue: "v1" });
    await flushPromises();
    expect(wrapper.text()).toContain("生建村");
    expect(wrapper.text()).not.toContain("v1");
  });
});
