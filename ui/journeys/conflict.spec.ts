/** Two laptops, one works, two sums: both are seen, one is chosen, everybody has it. */
import { expect, test, type Desk } from "./office";

async function write(desk: Desk, works: string, amount: string): Promise<void> {
  await desk.go("works");
  await desk.page.getByRole("link", { name: works }).click();
  await desk.fill("contract_amount", amount);
  await desk.get("save").click();
  await expect(desk.get("saved")).toBeVisible();
}

test("two people write two sums apart; the second decides, and the first sees it", async ({ office }) => {
  const [first, second] = [await office.laptop("甲"), await office.laptop("乙")];
  const id = await office.works(first, "两家都记的工程");
  await first.ask("sync");
  await second.ask("sync");
  // Nothing moves by itself: both write before either has heard of the other.
  await first.ask("pause");
  await second.ask("pause");
  const [one, other] = [await office.openDesk(first), await office.openDesk(second)];
  await write(one, "两家都记的工程", "31万元");
  await write(other, "两家都记的工程", "32万元");
  await first.ask("resume");
  await one.syncNow();
  await second.ask("resume");
  await other.syncNow();

  const conflict = other.page.locator("[data-testid^=conflict-]");
  await expect(conflict).toContainText("310,000");
  await expect(conflict).toContainText("320,000");
  await expect(conflict, "who wrote the standing one").toContainText("甲");
  await other.get("take-parked").click();
  expect((await second.show(id)).fields.contract_amount, "nothing is applied before it is confirmed").toBe(31_000_000);
  await other.get("settle").click();
  await expect(conflict).toHaveCount(0);
  await other.get("sync-now").click();

  await expect(async () => expect((await first.show(id)).fields.contract_amount).toBe(32_000_000)).toPass();
  await one.go("works");
  await one.page.getByRole("link", { name: "两家都记的工程" }).click();
  await expect(one.get("field-contract_amount"), "in the other's window too").toHaveValue(/32/);
});
