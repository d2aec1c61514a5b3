import { describe, expect, it } from "vitest";

import { field, kind, laptop, shown } from "@tests/laptop";
import { editsOf, planPaste, readBlock, readCell, writeBlock } from "./block";
import { plainCell } from "./cells";
import { columnsOf } from "./query";

const village = kind("village", [field("name", "text"), field("code", "text")], { key: "code" });
const works = kind("works", [
  field("name", "text"),
  field("category", "choice", { choices: [{ value: "sewage", label: { zh: "生活污水", en: "Sewage" } }] }),
  field("amount", "money"),
  field("start", "date"),
  field("village", "reference", { to: "village" }),
  field("photos", "attachments"),
], { state: [{ name: "done", label: { zh: "完成", en: "Done" }, locks: ["name"] }] as never });
const kinds = (name: string) => [village, works].find((one) => one.kind === name);

describe("a block from a table program", () => {
  it.each([
    ["a\tb\r\nc\td\r\n", [["a", "b"], ["c", "d"]]],
    ['"一\n二"\t"他说""好"""\nx\t', [["一\n二", '他说"好"'], ["x", ""]]],
    ["一格", [["一格"]]],
  ])("falls into its cells: %j", (text, cells) => expect(readBlock(text)).toEqual(cells));
  it("comes back as it was written", () => {
    const cells = [["多\n行", "有\t制表", '引"号'], ["", "末", "1,200"]];
    expect(readBlock(writeBlock(cells))).toEqual(cells);
  });
  it("carries no text that a table program would take for a formula", () => {
    const words = { label: (of: { zh: string }) => of.zh, t: (key: string) => key, stateLabel: () => "" };
    const cell = (fields: Record<string, unknown>, name: string) => plainCell(columnsOf(works, [name])[0], shown("works", fields), words);
    expect(cell({ name: '=HYPERLINK("http://x")' }, "name")).toBe("'=HYPERLINK(\"http://x\")");
    expect(cell({ name: "-5" }, "name"), "a number is none").toBe("-5");
    expect(cell({ amount: 123_456_789 }, "amount"), "money to the last 分, in the heading's 万元").toBe("123.456789");
  });
});

describe("a pasted cell", () => {
  const backend = laptop([village, works], [], {
    list: ({ filters }) => {
      const all = [shown("village", { name: "中东村", code: "1" }, { id: "v1" }), shown("village", { name: "同名村", code: "2" }, { id: "v2" }), shown("village", { name: "同名村", code: "3" }, { id: "v3" })];
      const records = all.filter((one) => Object.entries(filters).every(([name, value]) => one.fields[name] === value));
      return Promise.resolve({ ok: true, value: { total: records.length, records } });
    },
  });
  const read = (name: string, text: string) => readCell(works.field.find((one) => one.name === name)!, text, backend, kinds);
  it("is read by its field, in the words of the screen", async () => {
    expect(await read("category", "生活污水")).toEqual({ value: "sewage" });
    expect(await read("amount", "12.5"), "a bare amount is in the heading's 万元").toEqual({ value: 12_500_000 });
    expect(await read("amount", "125000元")).toEqual({ value: 12_500_000 });
    expect(await read("start", "2025.5.3")).toEqual({ value: "2025-05-03" });
    expect(await read("village", "中东村")).toEqual({ value: "v1", names: { v1: "中东村" } });
    expect(await read("name", "")).toEqual({ value: null });
  });
  it("says what it cannot be, and never guesses", async () => {
    expect(await read("category", "河道")).toHaveProperty("problem.key", "shared.noSuchChoice");
    expect(await read("village", "同名村"), "two villages of one name").toHaveProperty("problem.key", "shared.severalSuch");
    expect(await read("village", "没有的村")).toHaveProperty("problem.key", "shared.noneSuch");
    expect(await read("photos", "a.jpg")).toHaveProperty("problem.key", "shared.notByPaste");
  });
  it("changes only what differs, record by record, and leaves what the state locks", async () => {
    const rows = [shown("works", { name: "一", amount: 10_000 }, { id: "w1" }), shown("works", { name: "二" }, { id: "w2", state: "done" })];
    const changes = await planPaste(works, rows, columnsOf(works, ["name", "amount"]), [["一", "2"], ["改名", "3"], ["第三行", "4"]], backend, kinds);
    expect(changes.map((one) => [one.record.id, one.field.name, one.problem?.key ?? null])).toEqual([["w1", "amount", null], ["w2", "name", "shared.lockedCell"], ["w2", "amount", null]]);
    expect(editsOf(changes).map(({ record, fields }) => [record.id, fields])).toEqual([["w1", { amount: 2_000_000 }], ["w2", { amount: 3_000_000 }]]);
  });
});
