import { expect, it } from "vitest";

import { field, kind, shown } from "@tests/laptop";

import { differing } from "./differing";

it("two works side by side show what they say differently, and count what they say alike", () => {
  const works = kind("works", [field("number", "text", { given: true }), field("name", "text"), field("category", "choice"), field("amount", "money"), field("note", "text"), field("joined_into", "reference", { hidden: true })]);
  const one = shown("works", { number: "GC-1", name: "中东污水", category: "sewage", amount: 100, joined_into: "x" });
  const other = shown("works", { number: "GC-2", name: "中东村污水", category: "sewage", note: "" });
  const { rows, same } = differing(works, one, other);
  expect(rows.map((row) => [row.field.name, row.one, row.other]), "the given number and the hidden link tell nothing").toEqual([
    ["name", "中东污水", "中东村污水"],
    ["amount", 100, null],
  ]);
  expect(same, "the category alone; two empty notes are nothing in common").toBe(1);
});
