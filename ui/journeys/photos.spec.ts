/** A camera's photos by the folder: stopped half way, and begun again. */
import { execFileSync } from "node:child_process";
import { constants } from "node:fs";
import { mkdir, open, readFile, rm, writeFile } from "node:fs/promises";
import { availableParallelism } from "node:os";
import { join } from "node:path";

import { expect, test } from "./office";
import { sample } from "./surroundings";

const PHOTOS = 60;

test("photos taken in from a card are stopped, kept as far as they came, and begun again without one twice", async ({ office }) => {
  const laptop = await office.laptop("李明");
  await office.works(laptop, "拍了很多照片的工程");
  const card = join(office.folder, "DCIM");
  await mkdir(card);
  const picture = await readFile(sample("photos/ditch-before.jpg"));
  const photos = Array.from({ length: PHOTOS }, (_, n) => join(card, `IMG_${String(n).padStart(4, "0")}.jpg`));
  await Promise.all(photos.map((path, n) => writeFile(path, Buffer.concat([picture, Buffer.from(String(n))]))));
  await writeFile(join(card, "说明.txt"), "这不是照片");
  const held = async () => ((await laptop.list("works"))[0].fields.photos ?? []) as { name: string }[];

  const desk = await office.openDesk(laptop);
  await desk.go("works");
  await desk.page.getByRole("link", { name: "拍了很多照片的工程" }).click();
  await desk.get("tab-photos").click();

  // Files that nobody has finished writing keep every hand busy, so that the stop falls half way on any machine.
  const unfinished = Array.from({ length: Math.min(4, availableParallelism()) }, (_, n) => join(office.folder, `unfinished-${n}`));
  execFileSync("mkfifo", unfinished);
  const writers = await Promise.all(unfinished.map((path) => open(path, constants.O_RDWR)));
  await desk.choosing([photos[0], ...unfinished, ...photos.slice(1)], desk.get("take-files"));
  await desk.get("run-stop").click();
  await expect(desk.get("run-stop"), "it says that it heard").toBeDisabled();
  await Promise.all(unfinished.map((path) => rm(path)));
  await Promise.all(writers.map((writer) => writer.close()));
  await expect(desk.page.getByText("已停下，收好的都在")).toBeVisible();
  const names = (await held()).map((photo) => photo.name).filter((name) => name.startsWith("IMG_"));
  expect(names, "what was taken stays").toContain("IMG_0000.jpg");
  expect(names.length, "and the rest was not begun").toBeLessThan(PHOTOS / 2);

  await desk.choosing(card, desk.get("take-folder"));
  await expect(desk.page.getByText(`已收 ${PHOTOS - names.length} 张，原来就有 ${names.length} 张，不是照片 1 个`)).toBeVisible();
  expect((await held()).filter((photo) => photo.name.startsWith("IMG_")), "each once").toHaveLength(PHOTOS);
});
