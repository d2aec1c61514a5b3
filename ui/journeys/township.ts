/** A township in the middle of its year: enough of everything that no screen is empty. Recorded in the terminal. */
import type { Office } from "./office";
import type { Laptop } from "./programs";
import { sample } from "./surroundings";

export interface Township {
  laptop: Laptop;
  village: string;
  works: string;
  application: string;
  contract: string;
}

const photo = (name: string) => sample(`photos/${name}.jpg`);

export async function furnish(office: Office): Promise<Township> {
  const laptop = await office.laptop("李明");
  await laptop.ask("import", sample("works-盐东镇.xlsx"), "--kind", "works");
  const village = await laptop.find("village", "code", "320902107214");
  const works = await laptop.add(
    "works", `village=${village}`, "name=新冲中沟黑臭水体整治工程", "category=black_odour", "content=清淤 1.6 km，生态护岸 3200 m²，沿线截污纳管并恢复水生植物",
    "contract_amount=86.5万元", "planned_start=2026-03-20", "planned_end=2026-08-31", 'place={"lon":120.3533,"lat":33.4471,"accuracy":8,"system":"wgs84"}', "note=汛期前完成清淤，护岸待水位回落后施工",
  );
  await laptop.ask("attach", works, photo("ditch-before"));
  for (const [date, percent, picture] of [["2026-05-20", "40", "ditch-during"], ["2026-08-26", "100", "ditch-after"]]) {
    const entry = await laptop.add("progress", `works=${works}`, `date=${date}`, `percent=${percent}`, "note=现场核对无误");
    await laptop.ask("attach", entry, photo(picture));
  }
  const contract = await laptop.add("contract", `works=${works}`, "name=黑臭水体整治施工合同", "sort=construction", "contract_number=盐施-1", "party=盐城市某建设工程有限公司", "amount=86.5万元", "signed_on=2026-03-02");
  const application = await laptop.add(
    "application", "name=盐东镇2026年农村环境整治项目", "year=2026", `works=["${works}"]`, "applicant=盐东镇人民政府", "total=219.3万元", "requested=150万元", "own_funds=69.3万元",
  );
  await laptop.ask("prefill", application);
  for (const [sort, amount, dated] of [["allocated", "100万元", "2026-02-10"], ["arrived", "80万元", "2026-03-05"]]) {
    await laptop.add("fund_entry", `application=${application}`, `sort=${sort}`, "level=central", `amount=${amount}`, `dated=${dated}`);
  }
  await laptop.ask("sync");
  // Somebody else had another sum for the same works, and a village of a code that is taken.
  const other = await office.laptop("王芳");
  await laptop.ask("pause");
  await other.ask("pause");
  await other.ask("set", works, "contract_amount=88万元", "note=区里现场核定为八十八万元，其余条款不变");
  await other.add("village", "code=320902107299", "name=先到的村");
  await other.ask("sync");
  await laptop.ask("set", works, "contract_amount=90万元", "note=镇里按变更单计九十万元");
  await laptop.add("village", "code=320902107299", "name=同号的村");
  await laptop.ask("sync");
  await office.works(laptop, "还没有送到区里的工程");
  return { laptop, village, works, application, contract };
}
