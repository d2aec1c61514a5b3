//! The sample township with an application that has everything a volume shows.

use std::path::{Path, PathBuf};

use nonghuan_tests::{District, Laptop, Programs, YANDONG, clone_folder, sample};
use serde_json::{Value, json};
use tempfile::TempDir;

/// The day that the sample's packages bear.
pub(crate) const DAY: &str = "2026-11-23";

/// A district, a clerk of 盐东镇 and a reviewer of the district.
pub(crate) struct World {
    pub(crate) district: District,
    pub(crate) clerk: Laptop,
    pub(crate) folder: TempDir,
}

impl World {
    pub(crate) fn new() -> Self {
        let programs = Programs::built().expect("the programs build");
        let folder = TempDir::new().expect("a folder");
        let district = District::start(&programs, &folder.path().join("district")).expect("the district starts");
        district.load_places(&sample("places.csv")).expect("places");
        let enrolled = |name: &str, scope: &str, role: &str| {
            let laptop = Laptop::new(&programs, &folder.path().join(name));
            laptop.enrol(&district.code(scope, role).expect("a code"), name).expect("enrolled");
            laptop.ask(&["sync"]).expect("the first exchange");
            laptop
        };
        let reviewer = enrolled("样例审核", "320902", "reviewer");
        let rules = clone_folder().join("crates/domain/programmes/jiangsu-2014-match.toml");
        reviewer.ask(&["programme", "publish", &text(&rules)]).expect("published");
        reviewer.ask(&["sync"]).expect("exchanged");
        let clerk = enrolled("样例填报", YANDONG, "clerk");
        Self { district, clerk, folder }
    }

    pub(crate) fn path(&self, name: &str) -> PathBuf {
        self.folder.path().join(name)
    }

    /// Compiles the application on [`DAY`]; what the program answers.
    pub(crate) fn compile(&self, application: &str, out: &Path) -> Value {
        self.clerk.ask(&["compile", application, "--out", &text(out), "--on", DAY]).expect("compiled")
    }

    /// What `verify` says, good or bad; without a laptop's folder.
    pub(crate) fn verify(&self, package: &Path) -> Value {
        let nowhere = self.path("nowhere");
        let done = self.clerk.in_folder(&nowhere).command(&["verify", &text(package)]).output().expect("it starts");
        assert!(!nowhere.exists(), "verification needs no laptop and makes none");
        serde_json::from_slice(&done.stdout).expect("one document")
    }

    /// An application with two works, spots, estimate, plan, targets, a notice, a map and scans.
    pub(crate) fn application(&self) -> String {
        let of = |code: &str| self.clerk.find("village", "code", code).expect("a village");
        let villages = [of("320902107214"), of("320902107215")];
        let set = |id: &str, fields: &[&str]| {
            self.clerk.ask(&[&["set", id], fields].concat()).expect("set");
        };
        set(
            &villages[0],
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
        );
        set(
            &villages[1],
            &[
                "households=1034",
                "population=3312",
                "resident_households=884",
                "resident_population=2812",
                "village_type=ordinary",
                "problems=生活污水未经处理直排入沟（样例）",
                r#"place={"lon":120.3702,"lat":33.4412,"system":"wgs84"}"#,
            ],
        );
        let ditch = self.add(
            "works",
            &[
                &format!("village={}", villages[0]),
                "name=新冲中沟黑臭水体整治工程（样例）",
                "category=black_odour",
                "content=清淤 1.6 km，生态护岸 3200 m²",
                "planned_start=2026-03-20",
                "planned_end=2026-08-31",
                "households=236",
                r#"place={"lon":120.3533,"lat":33.4471,"system":"wgs84"}"#,
            ],
        );
        let sewage = self.add(
            "works",
            &[
                &format!("village={}", villages[1]),
                "name=洋桥村生活污水治理工程（样例）",
                "category=sewage",
                "content=新建 50 t/d 处理站 1 座，铺设管网 3.2 km",
                "planned_start=2026-04-01",
                "planned_end=2026-10-31",
                "households=236",
                "capacity=50",
                "pipe_length=3200",
                r#"place={"lon":120.3712,"lat":33.4420,"system":"wgs84"}"#,
            ],
        );
        for (works, name, scene) in [(&ditch, "新冲桥东侧", "ditch"), (&sewage, "处理站进水口", "sewage")] {
            let spot = self.add("spot", &[&format!("works={works}"), &format!("name={name}"), "direction=朝北"]);
            for phase in ["before", "during", "after"] {
                self.attach(&spot, &sample(&format!("photos/{scene}-{phase}.jpg")), phase);
            }
        }
        let policy = self.clerk.list("programme").expect("a list")[0]["id"].as_str().expect("an id").to_owned();
        let application = self.add(
            "application",
            &[
                "name=盐东镇2026年农村环境整治项目（样例）",
                "year=2026",
                "batch=第一批",
                "programme=以奖促治",
                &format!("policy={policy}"),
                "applicant=盐东镇人民政府（样例）",
                "department=盐城市亭湖生态环境局",
                "leader=张三（样例）",
                "phone=0515-00000000",
                &format!("villages={}", json!(villages)),
                &format!("works={}", json!([ditch, sewage])),
                "linking=adjacent",
                "total=219.3万元",
                "requested=100万元",
                "province=100万元",
                "district=100万元",
                "town=19.3万元",
                "other_central=false",
                "start=2026-03-20",
                "end=2026-10-31",
                "benefit_households=472",
                "benefit_people=1560",
                "keeper=盐东镇人民政府（样例）",
                "upkeep_cost=8.6万元",
                "upkeep_source=列入镇财政预算",
                r#"preliminary=["feasibility","design"]"#,
            ],
        );
        let of_it = format!("application={application}");
        for (works, part, content, quantity, unit, price, amount) in [
            (&ditch, "清淤", "新冲中沟清淤", "1600", "m", "250元", "40万元"),
            (&ditch, "护岸", "生态护岸", "3100", "m2", "150元", "46.5万元"),
            (&sewage, "处理设施", "50 t/d 一体化处理站", "1", "set", "64万元", "64万元"),
            (&sewage, "管网", "DN300 管网敷设", "3200", "m", "215元", "68.8万元"),
        ] {
            let fields = [
                of_it.clone(),
                format!("works={works}"),
                format!("part={part}"),
                format!("content={content}"),
                format!("quantity={quantity}"),
                format!("unit={unit}"),
                format!("unit_price={price}"),
                format!("amount={amount}"),
            ];
            self.add("estimate_line", &fields.each_ref().map(String::as_str));
        }
        self.clerk.ask(&["prefill", &application]).expect("text out of the records");
        let notice = [
            of_it.as_str(),
            "name=盐东镇2026年农村环境整治项目选取公示（样例）",
            "about=selection",
            "reach=village",
            "start=2026-03-01",
            "end=2026-03-10",
            "place=两村村务公开栏",
            "objections=false",
        ];
        self.attach(&self.add("notice", &notice), &sample("photos/waste-before.jpg"), "photos");
        let meeting = [of_it.as_str(), "sort=village_meeting", "title=村民代表会议记录（样例）", "dated=2026-02-20"];
        let meeting = self.add("document", &meeting);
        self.attach(&meeting, &sample("photos/waste-after.jpg"), "files");
        self.attach(&meeting, &sample("papers/会议签到表.pdf"), "files");
        let study = [
            of_it.as_str(),
            "sort=feasibility",
            "title=可行性研究报告的批复（样例）",
            "document_number=样例〔2026〕1号",
            "dated=2026-03-02",
        ];
        self.attach(&self.add("document", &study), &sample("papers/可研批复.pdf"), "files");
        application
    }

    pub(crate) fn add(&self, kind: &str, fields: &[&str]) -> String {
        self.clerk.add(kind, fields).expect("saved")
    }

    fn attach(&self, id: &str, file: &Path, field: &str) {
        self.clerk.ask(&["attach", id, &text(file), "--field", field]).expect("attached");
    }
}

pub(crate) fn text(path: &Path) -> String {
    path.to_string_lossy().into_owned()
}
