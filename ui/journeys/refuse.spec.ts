/** A save that the laptop could not know to be wrong: it comes back with its reason, is mended and sent again. */
import { expect, test } from "./office";

test("the second village of one code comes back as a draft, gets its own code and goes through", async ({ office }) => {
  const [first, second] = [await office.laptop("甲"), await office.laptop("乙")];
  await first.ask("pause");
  await second.ask("pause");
  await first.add("village", "code=320902107299", "name=先到的村");
  await second.add("village", "code=320902107299", "name=同号的村");
  await first.ask("resume");
  await first.ask("sync");
  await second.ask("resume");

  const desk = await office.openDesk(second);
  await desk.go("sync");
  await desk.get("sync-now").click();
  await desk.get("line-refused").click();
  const draft = desk.page.locator("[data-testid^=refused-]");
  await expect(draft, "what it wanted is still there").toContainText("同号的村");
  await expect(draft.getByTestId("refusal"), "and why it was not taken").toHaveAttribute("data-code", "duplicate");
  await expect(draft.getByTestId("advice")).not.toBeEmpty();
  await draft.getByTestId("mend").click();
  await draft.getByTestId("field-code").fill("320902107298");
  await draft.getByTestId("resend").click();
  await expect(draft).toHaveCount(0);
  await desk.syncNow();

  const villages = await office.district.list("village");
  const named = Object.fromEntries(villages.map((one) => [one.fields.code, one.fields.name]));
  expect(named["320902107299"]).toBe("先到的村");
  expect(named["320902107298"]).toBe("同号的村");
});
