//! The samples: one township that no map knows, two months of it.
//!
//! Codes that begin with 99 belong to no place (GB/T 2260 ends at 82), so that
//! nothing of a practice ledger is ever taken for somebody's township. Every name
//! says 练习, also on paper that was printed from it. Days are counted from the
//! day on which somebody practises: what is overdue must be so then.

use domain::Scope;

pub(super) const TOWNSHIP: &str = "990101001";
pub(super) const DISTRICT: &str = "990101";
/// In the place of a laptop's letter, so that no number of a real works looks like these.
pub(super) const LETTER: &str = "LX";
/// A programme, published for practice.
pub(super) const PROGRAMME: &str = include_str!("programme.toml");
/// The name of that programme's record among the samples.
pub(super) const PROMISED: &str = "programme";
/// Who writes on another laptop.
pub(super) const COLLEAGUE: &str = "李工（练习）";
const OFFICE: &str = "区生态环境局（练习）";
pub(super) const CLERK: &str = "填报员（练习）";

/// A picture for whoever practises to take in.
pub(super) const PHOTO: (&str, &[u8]) =
    ("练习照片.jpg", include_bytes!("../../../../../samples/tinghu/photos/ditch-after.jpg"));

const BEFORE: &[u8] = include_bytes!("../../../../../samples/tinghu/photos/ditch-before.jpg");
const DURING: &[u8] = include_bytes!("../../../../../samples/tinghu/photos/ditch-during.jpg");

/// One record, as it is typed.
pub(super) struct Sample {
    /// How the others call it.
    pub(super) name: &'static str,
    pub(super) kind: &'static str,
    /// Who recorded it.
    pub(super) by: &'static str,
    pub(super) fields: &'static [(&'static str, &'static str)],
    /// Fields that name several others.
    pub(super) several: &'static [(&'static str, &'static [&'static str])],
    /// Field, file name, bytes.
    pub(super) photos: &'static [(&'static str, &'static str, &'static [u8])],
    /// The states that it went through.
    pub(super) states: &'static [&'static str],
}

const PLAIN: Sample = Sample { name: "", kind: "", by: CLERK, fields: &[], several: &[], photos: &[], states: &[] };

pub(super) fn scope(code: &str) -> Scope {
    Scope::parse(code).expect("six or nine digits")
}

/// What the district has already.
pub(super) const AT_THE_DISTRICT: &[Sample] = &[
    Sample {
        name: "town",
        kind: "township",
        by: OFFICE,
        fields: &[("code", TOWNSHIP), ("name", "清河镇（练习）"), ("pilot", "district"), ("office_lead", "王镇长")],
        ..PLAIN
    },
    Sample {
        name: "east",
        kind: "village",
        by: OFFICE,
        fields: &[
            ("code", "990101001201"),
            ("name", "东河村（练习）"),
            ("village_type", "problem"),
            ("households", "412"),
            ("population", "1386"),
            ("resident_households", "355"),
            ("resident_population", "1120"),
            ("water_supply", "central"),
            ("central_water_people", "1120"),
            ("waste_collection", "户分类、村收集"),
            ("waste_treatment", "镇转运、区焚烧"),
            ("cleaners", "4"),
            ("problems", "东河沟淤积发黑，两侧农户生活污水直排。"),
            ("problem_people", "620"),
            ("sewage_rate", r#"{"numerator":148,"denominator":412,"asOf":"{year}-01-31","basis":"户"}"#),
        ],
        ..PLAIN
    },
    Sample {
        name: "west",
        kind: "village",
        by: OFFICE,
        fields: &[
            ("code", "990101001202"),
            ("name", "西桥村（练习）"),
            ("village_type", "ordinary"),
            ("households", "298"),
            ("population", "944"),
        ],
        ..PLAIN
    },
    Sample {
        name: "hill",
        kind: "village",
        by: OFFICE,
        fields: &[("code", "990101001203"), ("name", "南坡村（练习）"), ("households", "176")],
        ..PLAIN
    },
    Sample {
        name: "ditch",
        kind: "works",
        fields: &[
            ("village", "#east"),
            ("name", "东河沟黑臭水体整治工程（练习）"),
            ("category", "black_odour"),
            ("place", r#"{"lon":120.3533,"lat":33.4471,"accuracy":8,"system":"wgs84"}"#),
            ("content", "清淤 1.2 km，生态护岸 2400 m²，沿线截污 18 户"),
            ("households", "120"),
            ("population", "480"),
            ("contract_amount", "86.5万元"),
            ("planned_start", "@-70"),
            ("planned_end", "@45"),
        ],
        photos: &[("photos", "东河沟-整治前.jpg", BEFORE)],
        states: &["tendered", "contracted", "building"],
        ..PLAIN
    },
    Sample {
        name: "ditch half",
        kind: "progress",
        fields: &[("works", "#ditch"), ("date", "@-12"), ("percent", "40"), ("note", "清淤过半，护岸放样")],
        photos: &[("photos", "东河沟-整治中.jpg", DURING)],
        ..PLAIN
    },
    Sample {
        name: "sewage",
        kind: "works",
        by: COLLEAGUE,
        fields: &[
            ("village", "#east"),
            ("name", "东河村生活污水治理工程（练习）"),
            ("category", "sewage"),
            ("place", r#"{"lon":120.3561,"lat":33.4458,"accuracy":8,"system":"wgs84"}"#),
            ("content", "新建 50 t/d 处理站 1 座，配套管网 3.2 km"),
            ("households", "236"),
            ("population", "790"),
            ("capacity", "50"),
            ("contract_amount", "132.8万元"),
            ("planned_start", "@-60"),
            ("planned_end", "@80"),
        ],
        states: &["tendered", "contracted", "building"],
        ..PLAIN
    },
    Sample {
        name: "sewage begun",
        kind: "progress",
        by: COLLEAGUE,
        fields: &[("works", "#sewage"), ("date", "@-41"), ("percent", "15"), ("note", "基坑开挖")],
        ..PLAIN
    },
    Sample {
        name: "bins",
        kind: "works",
        fields: &[
            ("village", "#west"),
            ("name", "西桥村生活垃圾分类收集点（练习）"),
            ("category", "waste"),
            ("contract_amount", "18.6万元"),
            ("planned_start", "@-20"),
            ("planned_end", "@30"),
        ],
        states: &["contracted"],
        ..PLAIN
    },
    Sample {
        name: "toilet",
        kind: "works",
        fields: &[
            ("village", "#west"),
            ("name", "西桥村公共厕所改造工程（练习）"),
            ("category", "other"),
            ("contract_amount", "24.2万元"),
            ("actual_start", "@-120"),
            ("actual_end", "@-50"),
        ],
        photos: &[("photos", "西桥村-完工.jpg", DURING)],
        states: &["contracted", "building", "completed"],
        ..PLAIN
    },
    Sample {
        name: "application",
        kind: "application",
        fields: &[
            ("name", "清河镇{year}年农村环境整治项目（练习）"),
            ("year", "{year}"),
            ("programme", "以奖促治"),
            ("policy", "#programme"),
            ("applicant", "清河镇人民政府（练习）"),
            ("leader", "王镇长"),
            ("requested", "150万元"),
            ("central", "150万元"),
            // Fifty thousand too few, for whoever practises to find.
            ("town", "64.3万元"),
            ("total", "219.3万元"),
        ],
        several: &[("works", &["ditch", "sewage"]), ("villages", &["east"])],
        ..PLAIN
    },
];

/// A works, what is written here, and what another laptop wrote before that was seen here.
pub(super) const COLLIDING: (&str, (&str, &str), (&str, &str)) =
    ("sewage", ("contract_amount", "138.2万元"), ("contract_amount", "128万元"));

/// A works that was accepted meanwhile, and what is written of it here: it is locked by then.
pub(super) const CLOSED: (&str, (&str, &str)) = ("toilet", ("contract_amount", "24.6万元"));

/// What only this laptop has.
pub(super) const HERE: &[Sample] =
    &[Sample {
        name: "spot", kind: "spot", fields: &[("works", "#ditch"), ("name", "东河桥北侧（练习）")], ..PLAIN
    }];
