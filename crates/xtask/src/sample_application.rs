//! A whole application for the sample district, so that a newcomer's first package
//! shows every part: works, estimate, targets, plan, a notice, opinions, photos of
//! three phases, scans, a published programme, a contract and its money.
//!
//! Made as a person would make it, by the program's own commands. The places are
//! real; everything else is made up, and says so: 样例.

use end_to_end::{District, Laptop, Trouble, clone_folder, sample};
use serde_json::{Value, json};

use crate::sample::{FIRST, record};

/// The district's own code: whose reviewers publish programmes.
const DISTRICT: &str = "320902";

/// 50 万 a village of the province, matched one to one.
const PROGRAMME: &str = "crates/domain/programmes/jiangsu-2014-match.toml";

/// Villages of the application with what their records say.
const VILLAGES: [(&str, &[&str]); 2] = [
    (
        "320902107214",
        &[
            "households=812",
            "population=2650",
            "resident_households=662",
            "resident_population=2150",
            "area=4.2",
            "farmland=3150",
            "income=26800元",
            "village_type=problem",
            "problems=新冲中沟淤积发黑，夏季有异味（样例）",
            r#"place={"lon":120.3541,"lat":33.4499,"system":"wgs84"}"#,
        ],
    ),
    (
        "320902107215",
        &[
            "households=1034",
            "population=3312",
            "resident_households=884",
            "resident_population=2812",
            "area=5.1",
            "farmland=4020",
            "income=27500元",
            "village_type=ordinary",
            "problems=生活污水未经处理直排入沟（样例）",
            r#"place={"lon":120.3702,"lat":33.4412,"system":"wgs84"}"#,
        ],
    ),
];

/// The third works, beside the two that the township has under way.
const CESSPITS: [&str; 7] = [
    "name=新冲村农户化粪池改造工程（样例）",
    "category=sewage",
    "content=改造三格式化粪池 62 座",
    "planned_start=2026-05-10",
    "planned_end=2026-09-30",
    "households=62",
    r#"place={"lon":120.3560,"lat":33.4488,"system":"wgs84"}"#,
];

const FORM: [&str; 22] = [
    "name=盐东镇2026年农村环境整治项目（样例）",
    "year=2026",
    "batch=第一批",
    "programme=以奖促治",
    "applicant=盐东镇人民政府（样例）",
    "department=盐城市亭湖生态环境局",
    "leader=张三（样例）",
    "phone=0515-00000000",
    "linking=adjacent",
    "total=237.9万元",
    "requested=100万元",
    "province=100万元",
    "district=100万元",
    "town=37.9万元",
    "other_central=false",
    "start=2026-03-20",
    "end=2026-10-31",
    "benefit_households=472",
    "benefit_people=1560",
    "keeper=盐东镇人民政府（样例）",
    "upkeep_cost=8.6万元",
    "upkeep_source=列入镇财政预算",
];

/// Which works, part, content, quantity, unit, price, amount.
const ESTIMATE: [(usize, [&str; 6]); 5] = [
    (0, ["清淤", "新冲中沟清淤", "1600", "m", "250元", "40万元"]),
    (0, ["护岸", "生态护岸", "3100", "m2", "150元", "46.5万元"]),
    (1, ["处理设施", "50 t/d 一体化处理站", "1", "set", "64万元", "64万元"]),
    (1, ["管网", "DN300 管网敷设", "3200", "m", "215元", "68.8万元"]),
    (2, ["化粪池", "三格式化粪池", "62", "set", "3000元", "18.6万元"]),
];

/// Where photos of the three phases were taken from.
const SPOTS: [(usize, &str, &str); 2] = [(0, "新冲桥东侧", "ditch"), (1, "处理站进水口", "sewage")];

/// Publishes the programme as a reviewer of the district; its laptop is the one given.
pub(crate) fn publish(district: &District, reviewer: &Laptop) -> Result<(), Trouble> {
    reviewer.enrol(&district.code(DISTRICT, "reviewer")?, "样例审核")?;
    reviewer.ask(&["sync"])?;
    reviewer.ask(&["programme", "publish", &clone_folder().join(PROGRAMME).to_string_lossy()])?;
    reviewer.ask(&["sync"]).map(drop)
}

/// Records the works of 盐东镇 and the application that bundles them; its id.
pub(crate) fn apply(laptop: &Laptop) -> Result<String, Trouble> {
    let mut villages = Vec::new();
    for (code, fields) in VILLAGES {
        let village = laptop.find("village", "code", code)?;
        laptop.ask(&[&["set", &village], fields].concat())?;
        villages.push(village);
    }
    let mut works = record(laptop, FIRST)?.works;
    let of_village = format!("village={}", villages[0]);
    works.push(laptop.add("works", &[&[of_village.as_str()], CESSPITS.as_slice()].concat())?);
    for (nth, name, scene) in SPOTS {
        let spot =
            laptop.add("spot", &[&format!("works={}", works[nth]), &format!("name={name}"), "direction=朝北"])?;
        for phase in ["before", "during", "after"] {
            attach(laptop, &spot, &format!("photos/{scene}-{phase}.jpg"), phase)?;
        }
    }
    let policy = laptop.list("programme")?[0]["id"].as_str().unwrap_or_default().to_owned();
    let bundled = [
        format!("policy={policy}"),
        format!("villages={}", json!(villages)),
        format!("works={}", json!(works)),
        r#"preliminary=["feasibility","design"]"#.to_owned(),
    ];
    let bundled = bundled.each_ref().map(String::as_str);
    let application = laptop.add("application", &[FORM.as_slice(), &bundled].concat())?;
    let of_it = format!("application={application}");
    for (nth, [part, content, quantity, unit, price, amount]) in ESTIMATE {
        let fields = [
            of_it.clone(),
            format!("works={}", works[nth]),
            format!("part={part}"),
            format!("content={content}"),
            format!("quantity={quantity}"),
            format!("unit={unit}"),
            format!("unit_price={price}"),
            format!("amount={amount}"),
        ];
        laptop.add("estimate_line", &fields.each_ref().map(String::as_str))?;
    }
    laptop.ask(&["prefill", &application])?;
    papers(laptop, &of_it)?;
    money(laptop, &of_it, &works[0])?;
    for state in ["village_notice", "township_review"] {
        laptop.ask(&["move", &application, state])?;
    }
    Ok(application)
}

/// Notice, scans and opinions.
fn papers(laptop: &Laptop, of_it: &str) -> Result<(), Trouble> {
    let notice = [
        of_it,
        "name=盐东镇2026年农村环境整治项目选取公示（样例）",
        "about=selection",
        "reach=village",
        "start=2026-03-01",
        "end=2026-03-10",
        "place=两村村务公开栏",
        "objections=false",
    ];
    let notice = laptop.add("notice", &notice)?;
    attach(laptop, &notice, "photos/waste-before.jpg", "photos")?;
    for state in ["posted", "ended"] {
        laptop.ask(&["move", &notice, state])?;
    }
    let meeting = ["sort=village_meeting", "title=村民代表会议签到表（样例）", "dated=2026-02-20"];
    let meeting = laptop.add("document", &[&[of_it], meeting.as_slice()].concat())?;
    attach(laptop, &meeting, "papers/会议签到表.pdf", "files")?;
    let study = [
        "sort=feasibility",
        "title=可行性研究报告的批复（样例）",
        "document_number=样例〔2026〕1号",
        "dated=2026-03-02",
    ];
    let study = laptop.add("document", &[&[of_it], study.as_slice()].concat())?;
    attach(laptop, &study, "papers/可研批复.pdf", "files")?;
    for (level, text, dated) in [
        ("village", "经村民代表会议讨论，同意申报。", "2026-03-11"),
        ("town", "经审核，申报材料齐全，内容属实，同意上报。", "2026-03-16"),
    ] {
        let level = format!("by_level={level}");
        let (text, dated) = (format!("text={text}"), format!("dated={dated}"));
        laptop.add("opinion", &[of_it, &level, "conclusion=agree", &text, &dated, "signatory=样例"])?;
    }
    Ok(())
}

/// A contract for the first works, and what came in and went out for it.
fn money(laptop: &Laptop, of_it: &str, works: &str) -> Result<(), Trouble> {
    let contract = [
        &format!("works={works}"),
        "name=新冲中沟黑臭水体整治工程施工合同（样例）",
        "sort=construction",
        "contract_number=样例-2026-01",
        "party=样例建设有限公司",
        "amount=86.5万元",
        "signed_on=2026-03-18",
        "retention_percent=5",
    ];
    let contract = laptop.add("contract", &contract)?;
    laptop.ask(&["move", &contract, "signed"])?;
    let of_contract = format!("contract={contract}");
    let entries: [&[&str]; 3] = [
        &["sort=allocated", "level=province", "amount=100万元", "dated=2026-04-02", "document_number=样例〔2026〕8号"],
        &["sort=arrived", "level=province", "amount=60万元", "dated=2026-04-20"],
        &[
            "sort=payment",
            "level=province",
            "amount=25.95万元",
            "dated=2026-05-28",
            "stage=p30",
            "invoice=样例00000001",
            "payee=样例建设有限公司",
            &of_contract,
        ],
    ];
    for entry in entries {
        laptop.ask(&[&["fund", "add", of_it], entry].concat())?;
    }
    Ok(())
}

fn attach(laptop: &Laptop, id: &str, file: &str, field: &str) -> Result<Value, Trouble> {
    laptop.ask(&["attach", id, &sample(file).to_string_lossy(), "--field", field])
}

#[cfg(test)]
mod tests {
    use end_to_end::Programs;

    use super::*;

    #[test]
    fn the_sample_application_makes_a_package_with_every_part() {
        let programs = Programs::built().expect("the programs build");
        let folder = tempfile::tempdir().expect("a folder");
        let district = District::start(&programs, &folder.path().join("district")).expect("the district starts");
        district.load_places(&sample("places.csv")).expect("places");
        publish(&district, &Laptop::new(&programs, &folder.path().join("reviewer"))).expect("published");
        let laptop = Laptop::new(&programs, &folder.path().join("laptop"));
        laptop.enrol(&district.code(end_to_end::YANDONG, "clerk").expect("a code"), "样例用户").expect("enrolled");
        laptop.ask(&["sync"]).expect("its places");
        let application = apply(&laptop).expect("recorded");
        let package = folder.path().join("申报.zip").to_string_lossy().into_owned();
        let compiled = laptop.ask(&["compile", &application, "--out", &package]).expect("compiled");
        assert_eq!(compiled["omitted"], json!([]), "every photo and scan is shown");
        assert!(compiled["pages"].as_u64().is_some_and(|pages| pages > 24), "with all its parts: {compiled}");
        let amount = laptop.ask(&["amount", &application]).expect("an amount");
        assert_eq!(amount["total"], 200_000_000, "50 万 for each of two villages, matched");
    }
}
