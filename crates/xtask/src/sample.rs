//! Sample works, so that a first look shows a township at work and not an empty list.
//!
//! The places are real; every works, figure and photo is made up, and says so
//! in its own name: 样例.

use end_to_end::{Laptop, Trouble, sample};

/// A sample works with what is recorded of it.
pub(crate) struct Works {
    /// The village's 12-digit code.
    village: &'static str,
    /// The works' fields, as typed after `nonghuan add works`.
    fields: &'static [&'static str],
    /// The works' own photos.
    photos: &'static [&'static str],
    progress: &'static [Progress],
    /// The states that it went through, in order.
    states: &'static [&'static str],
}

struct Progress {
    fields: &'static [&'static str],
    photos: &'static [&'static str],
}

/// What was recorded: ids of everything added, and how many photos went with it.
#[derive(Debug, Default)]
pub(crate) struct Recorded {
    pub(crate) works: Vec<String>,
    pub(crate) progress: Vec<String>,
    pub(crate) photos: usize,
}

impl Recorded {
    /// Works and progress together.
    pub(crate) fn ids(&self) -> impl Iterator<Item = &String> {
        self.works.iter().chain(&self.progress)
    }
}

/// Records `works` on a laptop, offline, as its person would.
pub(crate) fn record(laptop: &Laptop, works: &[Works]) -> Result<Recorded, Trouble> {
    let mut recorded = Recorded::default();
    for one in works {
        let village = format!("village={}", laptop.find("village", "code", one.village)?);
        let id = laptop.add("works", &[&[village.as_str()], one.fields].concat())?;
        recorded.photos += attach(laptop, &id, one.photos)?;
        for entry in one.progress {
            let of = format!("works={id}");
            let entry_id = laptop.add("progress", &[&[of.as_str()], entry.fields].concat())?;
            recorded.photos += attach(laptop, &entry_id, entry.photos)?;
            recorded.progress.push(entry_id);
        }
        for state in one.states {
            laptop.ask(&["move", &id, state])?;
        }
        recorded.works.push(id);
    }
    Ok(recorded)
}

fn attach(laptop: &Laptop, id: &str, photos: &[&str]) -> Result<usize, Trouble> {
    if !photos.is_empty() {
        let files: Vec<_> = photos.iter().map(|name| sample("photos").join(name)).collect();
        laptop.attach(id, &files)?;
    }
    Ok(photos.len())
}

/// The list that a township sends as a spreadsheet.
pub(crate) const LIST: &str = "works-盐东镇.xlsx";
/// Its rows that are right.
pub(crate) const LIST_GOOD: u64 = 11;
/// Its rows whose village is in no list.
pub(crate) const LIST_BAD: u64 = 1;

/// What the first laptop of 盐东镇 records.
pub(crate) const FIRST: &[Works] = &[
    Works {
        village: "320902107214",
        fields: &[
            "name=新冲中沟黑臭水体整治工程（样例）",
            "category=black_odour",
            "content=清淤 1.6 km，生态护岸 3200 m²",
            "contract_amount=86.5万元",
            "planned_start=2026-03-20",
            "planned_end=2026-08-31",
            r#"place={"lon":120.3533,"lat":33.4471,"accuracy":8,"system":"wgs84"}"#,
            "note=样例数据",
        ],
        photos: &["ditch-before.jpg"],
        progress: &[
            Progress {
                fields: &["date=2026-05-20", "percent=40", "note=样例：清淤过半"],
                photos: &["ditch-during.jpg"],
            },
            Progress {
                fields: &["date=2026-08-26", "percent=100", "note=样例：完工放水"],
                photos: &["ditch-after.jpg"],
            },
        ],
        states: &["tendered", "contracted", "building"],
    },
    Works {
        village: "320902107215",
        fields: &[
            "name=洋桥村生活污水治理工程（样例）",
            "category=sewage",
            "content=新建 50 t/d 处理站 1 座",
            "contract_amount=132.80万元",
            "planned_start=2026-04-01",
            "planned_end=2026-10-31",
            "households=236",
            "note=样例数据",
        ],
        photos: &["sewage-before.jpg"],
        progress: &[Progress {
            fields: &["date=2026-06-02", "percent=35", "note=样例：基坑开挖"],
            photos: &["sewage-during.jpg"],
        }],
        states: &["contracted", "building"],
    },
];

/// What the second laptop of 盐东镇 records.
pub(crate) const SECOND: &[Works] = &[Works {
    village: "320902107209",
    fields: &[
        "name=新建村生活垃圾分类收集点工程（样例）",
        "category=waste",
        "contract_amount=186000元",
        "planned_start=2026-04-10",
        "planned_end=2026-07-31",
        "note=样例数据",
    ],
    photos: &["waste-before.jpg"],
    progress: &[Progress {
        fields: &["date=2026-07-18", "percent=100", "note=样例：投入使用"],
        photos: &["waste-after.jpg"],
    }],
    states: &["contracted"],
}];

/// An application's fields, but for the works that it bundles.
pub(crate) const APPLICATION: &[&str] = &[
    "name=盐东镇2026年农村环境整治项目（样例）",
    "year=2026",
    "programme=以奖促治（样例）",
    "applicant=盐东镇人民政府（样例）",
    "problems=样例：部分沟塘黑臭，生活污水直排",
    "total=219.3万元",
    "requested=150万元",
    "own_funds=69.3万元",
    "effects=样例：消除黑臭水体 1 处，污水治理受益 236 户",
];
