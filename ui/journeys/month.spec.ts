/** A month that was handed in stays as it was; what came after it stands beside it, with what did it. */
import { writeFile } from "node:fs/promises";
import { join } from "node:path";

import { expect, test, VILLAGE } from "./office";

test("what differs from last month is told value by value with the entry that did it, and leads there", async ({ office }) => {
  const laptop = await office.laptop("李明");
  const [grows, mistaken, goes] = [await office.works(laptop, "一号管网"), await office.works(laptop, "二号管网"), await office.works(laptop, "三号管网")];
  for (const id of [grows, mistaken]) {
    await laptop.ask("set", id, "contract_amount=40万元");
    for (const state of ["contracted", "building"]) await laptop.ask("move", id, state);
  }
  const entry = (works: string, date: string, percent: number, ...more: string[]) => laptop.add("progress", `works=${works}`, `date=${date}`, `percent=${percent}`, "stage=管网开挖", ...more);

  const desk = await office.openDesk(laptop);
  await desk.go("month");
  const month = desk.get("month");
  await expect(month).toHaveText(/^\d{4}-\d\d$/);
  const now = await month.innerText();
  await desk.get("month-earlier").click();
  await expect(month).not.toHaveText(now);
  const last = await month.innerText();
  await entry(grows, `${last}-12`, 30, "paid=12.5万元");
  const wrong = await entry(mistaken, `${last}-12`, 90);
  await desk.page.reload();
  await desk.go("month");
  await desk.get("month-earlier").click();
  await expect(desk.get(`month-${mistaken}`)).toContainText("90%");
  await desk.get("hand-in").click();
  await desk.page.locator(".el-message-box__btns").getByRole("button", { name: "报送" }).click();
  await expect(desk.get("month-state")).toBeVisible();

  await entry(grows, `${now}-01`, 55, "paid=20万元");
  await entry(mistaken, `${last}-12`, 40, `corrects=${wrong}`, "correction_reason=看错了表");
  await laptop.ask("delete", goes);
  await desk.page.reload();
  await desk.go("month");
  await desk.get("tab-differences").click();
  await expect(desk.page.getByText(`和 ${last} 报送的数据比`), "it says against what").toBeVisible();
  const row = (...texts: string[]) => texts.reduce((rows, text) => rows.filter({ hasText: text }), desk.get("differences").filter({ visible: true }).getByRole("row"));
  await expect(row("一号管网", "形象进度")).toContainText(/30%.*55%.*新填进度.*李明/);
  await expect(row("一号管网", "完成投资")).toContainText(/12\.50.*20\.00/);
  await expect(row("二号管网", "形象进度"), "the correction is named as one").toContainText(/90%.*40%.*更正/);
  await expect(row("三号管网"), "works that went are told, too").toContainText("不再列入");

  await desk.get("month-earlier").click();
  await desk.page.getByRole("tab", { name: /报送以后/ }).click();
  await expect(row("二号管网", "形象进度"), "what was handed in is not what the records say now").toContainText(/90%.*40%.*更正/);
  await expect(row("一号管网", "形象进度"), "an entry of this month says nothing of the last").toHaveCount(0);
  await row("二号管网", "形象进度").getByRole("link", { name: "更正进度" }).click();
  await expect(desk.page.getByText("看错了表"), "the reason stands with the entry").toBeVisible();
});

test("of a report of 400 works those in sight are drawn, its end is reached, and paper has all of it", async ({ office }) => {
  const laptop = await office.laptop("李明");
  const file = join(office.folder, "works.csv");
  const name = (at: number) => `第 ${String(at).padStart(3, "0")} 项管网`;
  const rows = Array.from({ length: 400 }, (_, at) => `${name(at)},${VILLAGE},sewage`);
  await writeFile(file, ["工程名称,村,工程类别", ...rows].join("\n"));
  await laptop.ask("import", file, "--kind", "works");

  const desk = await office.openDesk(laptop);
  await desk.go("month");
  const drawn = desk.page.locator("tbody tr[data-testid^=month-]");
  const of = (at: number) => drawn.filter({ hasText: name(at) });
  await expect(of(0)).toBeInViewport();
  expect(await drawn.count(), "what nobody sees costs nothing").toBeLessThan(200);
  await of(0).hover();
  // A wheel goes as far as the page was long when it was last painted; turned once more at the end, it turns nothing for a while.
  const wheelTo = (at: number, by: number, why: string) =>
    expect(async () => {
      await desk.page.mouse.wheel(0, by);
      await expect(of(at), why).toBeInViewport({ timeout: 1_000 });
    }).toPass();
  await wheelTo(399, 1_000_000, "the last works, where the page ends");
  await expect(desk.get("month-total"), "and the sum of all").toContainText("400");
  await expect(of(0)).toHaveCount(0);
  await wheelTo(0, -1_000_000, "and back");

  await desk.page.evaluate(() => {
    window.print = () => document.body.setAttribute("data-printed", String(document.querySelectorAll("tbody tr[data-testid^=month-]").length));
  });
  await desk.get("print").click();
  await expect(desk.page.locator("body")).toHaveAttribute("data-printed", "400");
});
