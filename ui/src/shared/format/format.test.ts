import { describe, expect, it } from "vitest";

import { daysBefore, printMoment, printSpan, readDate, readMonth } from "./date";
import { capitals, printMoney, readMoney, sumMoney } from "./money";
import { printSource } from "./source";
import { printBytes, printRate, readDecimal, readInteger } from "./numbers";

describe("spans", () => {
  it.each([
    [90, "2分钟"],
    [7_200, "2小时"],
    [260_000, "3天"],
    [220_000_000, "7年"],
  ])("says %s seconds in the one unit that says most", (seconds, words) => {
    expect(printSpan(seconds, "zh-CN")).toBe(words);
  });
});

describe("dates", () => {
  it.each(["2025-5-3", "20250503", "2025.5.3", "2025/05/03", "25.5.3", "2025年5月3号", "2025年5月3日", " 2025 5 3 ", "２０２５－５－３", "2025。5。3"])("reads %s as people type it", (text) => {
    expect(readDate(text)).toEqual({ is: "date", date: "2025-05-03" });
  });
  it("tells a day that does not exist from what is no date", () => {
    expect(readDate("2025-2-30"), "no such day").toEqual({ is: "noSuchDate" });
    expect(readDate("2024-2-29"), "a leap year has it").toEqual({ is: "date", date: "2024-02-29" });
    const now = new Date(2026, 10, 23);
    expect(readDate("5月3日", now), "of this year, which the field then shows").toEqual({ is: "date", date: "2026-05-03" });
    expect(readDate("5.3", now)).toEqual({ is: "date", date: "2026-05-03" });
    expect(readDate("昨天", now)).toEqual({ is: "date", date: "2026-11-22" });
    expect(readDate("13月3日", now)).toEqual({ is: "noSuchDate" });
    expect(readDate("20250503下午")).toEqual({ is: "notADate" });
  });
  it("reads months", () => {
    expect(["2025-5", "202505", "2025年5月", "2025.05"].map(readMonth)).toEqual(["2025-05", "2025-05", "2025-05", "2025-05"]);
    expect(readMonth("2025-13")).toBeNull();
  });
  it("prints a moment as short as the day allows", () => {
    const now = new Date(2025, 4, 3, 12, 0);
    expect(printMoment(new Date(2025, 4, 3, 10, 32).toISOString(), now)).toBe("10:32");
    expect(printMoment(new Date(2025, 3, 30, 9, 5).toISOString(), now)).toBe("04-30 09:05");
    expect(printMoment(new Date(2024, 11, 31, 9, 5).toISOString(), now)).toBe("2024-12-31 09:05");
    expect(printMoment("昨天", now), "what is no moment is shown as it came").toBe("昨天");
  });
  it("counts days back over months", () => expect(daysBefore("2025-03-10", 30)).toBe("2025-02-08"));
});

describe("money", () => {
  it.each([
    ["125000", "yuan", 12_500_000],
    ["12.5", "wan", 12_500_000],
    ["12.5万元", "yuan", 12_500_000],
    ["125,000元", "wan", 12_500_000],
    ["１２．５万", "yuan", 12_500_000],
    ["0.000001万", "yuan", 1],
    ["-3", "yuan", -300],
    ["¥ 1,200.50", "yuan", 120_050],
  ] as const)("reads %s typed in %s to the last 分", (text, unit, fen) => expect(readMoney(text, unit)).toBe(fen));
  it.each(["", "元", "12.345", "一万", "1.2.3"])("does not guess at %s", (text) => expect(readMoney(text, "yuan")).toBeNull());
  it("prints what it reads, in either unit", () => {
    for (const fen of [0, 1, 99, 120_050, 12_500_000, 12_345_678_901, -300]) {
      expect(readMoney(printMoney(fen, "yuan"), "yuan")).toBe(fen);
      expect(readMoney(printMoney(fen, "wan"), "wan")).toBe(fen);
    }
    expect(printMoney(12_345_000, "wan")).toBe("12.345");
    expect(printMoney(12_345_000, "wan", 2), "lists round to two places").toBe("12.35");
    expect(printMoney(123_450_000_000, "wan", 2)).toBe("123,450.00");
  });
  // Cases of crates/domain/src/money.rs: window and package must write alike.
  it.each([
    [0, "零元整"],
    [12_500_000, "壹拾贰万伍仟元整"],
    [100_000_000, "壹佰万元整"],
    [140_953, "壹仟肆佰零玖元伍角叁分"],
    [600_714, "陆仟零柒元壹角肆分"],
    [10_700_053, "壹拾万零柒仟元伍角叁分"],
    [32_504, "叁佰贰拾伍元零肆分"],
    [1_000_000_010_000, "壹佰亿零壹佰元整"],
  ])("writes %i 分 in capitals", (fen, text) => expect(capitals(fen)).toBe(text));
  it("adds what is there and passes over what is empty", () => expect(sumMoney([100, undefined, null, 250])).toBe(350));
});

describe("numbers", () => {
  it("reads whole numbers and decimals, full width too", () => {
    expect(readInteger("１，２００")).toBe(1200);
    expect(readInteger("12.5")).toBeNull();
    expect(readDecimal("4210.50"), "a decimal keeps its digits").toBe("4210.50");
    expect(readDecimal("约三百")).toBeNull();
  });
  it("derives a rate and never divides by nothing", () => {
    expect(printRate({ numerator: 2, denominator: 3 })).toBe("66.67%");
    expect(printRate({ numerator: 812, denominator: 812 })).toBe("100.00%");
    expect(printRate({ numerator: 1, denominator: 0 })).toBe("—");
  });
  it("prints sizes", () => expect([812, 48_200_000, 221_000].map(printBytes)).toEqual(["812 B", "48.2 MB", "221 KB"]));
});

describe("a clause", () => {
  it("is shown without the places in the program's own papers", () => {
    expect(printSource("domain_forms F9（S62、S105）")).toBe("");
    expect(printSource("domain.md §5（S40）；GB 18918")).toBe("GB 18918");
    expect(printSource("财资环〔2021〕43号（S11）：不含能力建设")).toBe("财资环〔2021〕43号：不含能力建设");
    expect(printSource(null)).toBe("");
  });
});
