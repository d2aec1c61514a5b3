/** From a works to a package that anybody can check: steps left and come back to, a finding mended, one bit changed. */
import { readFile } from "node:fs/promises";
import { join } from "node:path";

import { expect, test, type Desk } from "./office";

/** Drops a file of these bytes on the place for packages, and has it verified. */
async function drop(desk: Desk, name: string, bytes: Buffer): Promise<void> {
  const given = await desk.page.evaluateHandle(
    ([called, text]) => {
      const data = new DataTransfer();
      data.items.add(new File([Uint8Array.from(atob(text), (one) => one.charCodeAt(0))], called, { lastModified: text.length }));
      return data;
    },
    [name, bytes.toString("base64")],
  );
  await desk.get("verify-drop").dispatchEvent("drop", { dataTransfer: given });
  await desk.page.getByRole("dialog").getByTestId("verify").click();
}

test("an application is begun, mended where the check leads, compiled, and a changed package is found out", async ({ office }) => {
  const laptop = await office.laptop("李明");
  await office.works(laptop, "要申报的工程", "contract_amount=10万元");
  const desk = await office.openDesk(laptop);
  await desk.go("applications");
  await desk.get("new-record").click();
  await desk.fill("name", "浏览器里编制的申报");
  await desk.fill("year", "2026");
  await desk.get("save").click();
  await expect(desk.get("step-works")).toBeVisible();

  await desk.get("step-works").click();
  await desk.choose("works", "要申报的工程");
  await desk.page.keyboard.press("Escape");
  await desk.seen("save").click();
  await expect(desk.page.locator("[data-testid^=picked-]")).toContainText("要申报的工程");
  await desk.get("step-money").click();
  for (const [field, amount] of [["total", "10万元"], ["requested", "10万元"], ["central", "5万元"]]) await desk.fill(field, amount);
  await desk.seen("save").click();
  await desk.go("today");
  await desk.go("applications");
  await desk.page.getByRole("link", { name: "浏览器里编制的申报" }).first().click();

  await desk.get("step-works").click();
  await desk.get("prefill").click();
  await expect(desk.get("prefilled")).toBeVisible();
  await desk.get("step-check").click();
  await desk.get("finding-fundingSum").getByTestId("mend").first().click();
  await expect(desk.page.locator("[data-step=money]"), "the finding leads to the field").toBeVisible();
  await desk.fill("central", "10万元");
  await desk.seen("save").click();
  await desk.get("step-check").click();
  await expect(desk.get("finding-fundingSum"), "and is gone when that is mended").toHaveCount(0);

  const file = join(office.folder, "申报.zip");
  await desk.get("step-package").click();
  await expect(desk.get("compile-path"), "a place is offered").not.toHaveValue("");
  await desk.get("compile-path").fill(file);
  await desk.get("compile").click();
  await expect(desk.get("compiled")).toBeVisible();

  await desk.go("applications");
  await desk.get("verify-open").click();
  const bytes = await readFile(file);
  await drop(desk, "申报.zip", bytes);
  await expect(desk.get("verified")).toHaveAttribute("data-ok", "true");
  const changed = Buffer.from(bytes);
  changed[changed.length >> 1] ^= 1;
  await drop(desk, "改过的申报.zip", changed);
  await expect(desk.get("verified"), "one bit is enough").toHaveAttribute("data-ok", "false");
});
