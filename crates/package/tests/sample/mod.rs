//! A made-up volume (样例), for tests and for looking at its pages.

use std::collections::BTreeMap;

use package::volume::{
    Amount, Aspect, Chapter, Commitment, Estimate, EstimateLine, Form, FormWorks, Level, MapArea, MapPoint, Notice,
    Opinion, Paper, PaperFile, PhotoSheet, Picture, Place, Policy, Row, Seal, Share, Site, Source, Spot, Step, Target,
    Volume,
};

const VILLAGES: [(&str, &str); 5] = [
    ("新冲村", "320902107214"),
    ("洋桥村", "320902107215"),
    ("新建村", "320902107209"),
    ("湖㳇村", "320902107216"),
    ("中东村委会", "320902107200"),
];

const CATEGORIES: [&str; 4] = ["黑臭水体", "生活污水", "生活垃圾", "饮用水水源"];

fn text(text: &str) -> String {
    text.to_owned()
}

/// A volume of so many works, and its pictures: those handed in, by turns.
pub(crate) fn volume(works: usize, photos: &[Vec<u8>]) -> (Volume, BTreeMap<String, Vec<u8>>) {
    let mut pictures = BTreeMap::new();
    for (n, bytes) in photos.iter().enumerate() {
        pictures.insert(format!("{n}.jpg"), bytes.clone());
    }
    let picture = |n: usize| {
        let words = format!("IMG_{:04}.jpg　2026-02-{:02} 09:30", n + 1, n % 28 + 1);
        (!photos.is_empty()).then(|| Picture {
            picture: format!("{}.jpg", n % photos.len()),
            words,
            ..Picture::default()
        })
    };
    let village = |n: usize| VILLAGES[n % VILLAGES.len()];
    let of = |n: usize| 86_500_000 + 12_345_600 * i64::try_from(n).unwrap_or(0);
    let form_works = |n: usize| FormWorks {
        number: format!("GC-2026-A-{:03}", n + 1),
        village: text(village(n).0),
        name: format!("{}{}治理工程（样例）", village(n).0, CATEGORIES[n % 4]),
        category: text(CATEGORIES[n % 4]),
        content: text("新建一体化处理设施 1 座（30 t/d），铺设管网 1250 m，接户 86 户"),
        details: if n % 4 == 1 {
            text("处理规模 30 t/d；工艺 A²/O；出水执行 DB32/3462-2020 一级A")
        } else {
            String::new()
        },
        amount: Some(of(n)),
        start: text("2026-03-20"),
        end: text("2026-08-31"),
    };
    let total: i64 = (0..works).map(of).sum();
    let requested = total / 2;
    let line = |n: usize, m: i64| EstimateLine {
        part: text(["处理设施", "管网工程", "户接入"][usize::try_from(m).unwrap_or(0)]),
        content: text(
            ["一体化处理设备及安装", "DN300 HDPE 双壁波纹管敷设", "户用接入井及支管"][usize::try_from(m).unwrap_or(0)],
        ),
        quantity: text(["1", "1250", "86"][usize::try_from(m).unwrap_or(0)]),
        unit: text(["套", "m", "户"][usize::try_from(m).unwrap_or(0)]),
        price: Some(of(n) / 3),
        amount: Some(of(n) / 3 + if m == 0 { of(n) % 3 } else { 0 }),
        note: String::new(),
    };
    let lines = |n: usize| -> Vec<EstimateLine> { (0..3).map(|m| line(n, m)).collect() };
    let estimate = (0..works).map(|n| Estimate { title: form_works(n).name, amount: Some(of(n)), lines: lines(n) });
    let target = |name: &str, core: bool, value: &str, unit: &str| Target {
        name: text(name),
        core,
        value: text(value),
        unit: text(unit),
    };
    let aspect = |label: &str, targets: Vec<Target>| Aspect { label: text(label), targets };
    let volume = Volume {
        number: text("SB-2026-A-1"),
        name: text("盐东镇2026年农村环境整治项目（样例）"),
        year: 2026,
        batch: text("第一批"),
        sort: text("以奖促治"),
        applicant: text("盐东镇人民政府（样例）"),
        department: text("盐城市亭湖生态环境局"),
        leader: text("张三"),
        phone: text("0515-00000000"),
        place: text("盐东镇新冲村、洋桥村、新建村"),
        dated: Some(text("2026-04-20")),
        draft: None,
        programme: Some(Policy { name: text("江苏省覆盖拉网式农村环境综合整治试点"), document: text("苏财建〔2014〕80号") }),
        seal: Seal {
            digest: "0123456789abcdef".repeat(4),
            log: vec![text("320902 第 231 条"), text("320902107 第 152 条")],
            pending: 2,
        },
        total: Some(total),
        requested: Some(requested),
        writes_letter: true,
        letter_number: String::new(),
        form: Form {
            basics: vec![
                (text("申报类型"), text("以奖促治"), false),
                (text("年度与批次"), text("2026 年　第一批"), false),
                (text("承办单位"), text("盐东镇人民政府（样例）"), false),
                (text("主管部门"), text("盐城市亭湖生态环境局"), false),
                (text("项目负责人"), text("张三"), false),
                (text("联系电话"), text("0515-00000000"), false),
                (text("建设地点"), text("盐东镇（320902107）"), false),
                (text("连片类型"), text("地理连片"), false),
                (text("适用政策"), text("江苏省覆盖拉网式农村环境综合整治试点（苏财建〔2014〕80号）第 1 版"), true),
            ],
            villages: VILLAGES
                .iter()
                .take(works.max(1))
                .map(|(name, code)| Place {
                    name: text(name),
                    code: text(code),
                    values: ["一般", "1034", "3312", "806", "2590", "4.20", "3150", "26800"].map(text).to_vec(),
                })
                .collect(),
            benefit: text("受益 2150 户、7420 人"),
            problems: text("沿河三个行政村生活污水未经处理直排入河，影响户籍人口约四千二百人。\n村内沟塘淤积发黑，夏季有异味；垃圾收集点未做防渗。"),
            content: String::new(),
            works: (0..works).map(form_works).collect(),
            sources: text("省级 92.59 万元；区级 55.56 万元；镇级 37.04 万元"),
            other_central: text("未获得其他中央资金"),
            span: text("2026年3月20日至2026年10月31日"),
            preliminary: text("可行性研究、初步设计"),
            notice: text("项目选取公示，2026年3月1日至3月10日，村务公开栏，无异议"),
            effects: text("新增污水治理行政村 3 个，处理规模 120 t/d，受益人口 4200 人；设施正常运行率不低于 90%，村民满意度不低于 90%。"),
            keeper: text("盐东镇人民政府，委托第三方运行维护"),
            upkeep: text("8.60 万元，列入镇财政预算"),
            note: String::new(),
            opinions: ["村民委员会意见", "镇人民政府意见", "区财政部门意见", "区生态环境部门意见"]
                .iter()
                .map(|title| Opinion { title: text(title), ..Opinion::default() })
                .collect(),
        },
        plan: [
            ("一、区域概况", "盐东镇位于亭湖区东部，本项目涉及新冲村、洋桥村、新建村 3 个行政村，户籍人口 4200 人。\n（一）自然与社会\n地势平坦，河网密布，村庄沿河分布，居住较为集中。\n（二）基础设施\n村内道路已硬化，供水由镇自来水厂统一供给，尚无生活污水收集管网。"),
            ("二、主要环境问题", "（一）新冲村\n新冲中沟淤积发黑，长 1.6 km，影响沿岸 236 户。\n（二）洋桥村\n生活污水直排入沟，日排放约 42 t，夏季有异味。"),
            ("三、主要工作内容", "清淤 1.6 km，生态护岸 3200 m²；新建 50 t/d 处理站 1 座，铺设管网 3.2 km，接户 236 户。"),
            ("四、资金安排计划和实施进度", "项目总投资见投资估算表，资金来源见资金来源与安排表。2026 年 3 月开工，8 月底前完成主体工程，10 月底前完成验收。"),
            ("五、整治成效", "项目完成后，三个村生活污水治理率达到 60% 以上，黑臭水体全部消除。"),
            ("六、保障措施", ""),
        ]
        .iter()
        .map(|(title, body)| Chapter { title: text(title), text: text(body) })
        .collect(),
        estimate: estimate.collect(),
        funding: [("省级财政", requested, "苏财建〔2014〕80号"), ("区级财政", requested / 2, "区级配套 1:1"), ("镇级财政", total - requested - requested / 2, "")]
            .iter()
            .map(|(label, amount, note)| Source {
                label: text(label),
                amount: *amount,
                share: if total > 0 { format!("{}", amount * 100 / total) } else { String::new() },
                note: text(note),
            })
            .collect(),
        targets: vec![
            Level {
                label: text("产出指标"),
                aspects: vec![
                    aspect("数量", vec![target("完成整治行政村", true, "≥3", "个"), target("新建处理设施", true, "≥1", "座"), target("管网", false, "≥3200", "m")]),
                    aspect("质量", vec![target("验收合格率", true, "100", "%")]),
                    aspect("时效", vec![target("按期完工率", false, "100", "%")]),
                    aspect("成本", vec![target("吨水投资", false, "≤15000", "元")]),
                ],
            },
            Level {
                label: text("效益指标"),
                aspects: vec![
                    aspect("社会效益", vec![target("受益人口", true, "≥4200", "人")]),
                    aspect("生态效益", vec![target("生活污水治理率", true, "≥60", "%")]),
                    aspect("可持续影响", vec![target("管护制度落实", false, "是", "")]),
                ],
            },
            Level { label: text("满意度指标"), aspects: vec![aspect("服务对象满意度", vec![target("村民满意度", true, "≥90", "%")])] },
        ],
        list: (0..works)
            .map(|n| Row {
                village: text(village(n).0),
                name: form_works(n).name,
                content: form_works(n).content,
                category: text(CATEGORIES[n % 4]),
                total: Some(of(n)),
                requested: None,
                own: None,
                until: text("2026年8月"),
                responsible: text("盐东镇人民政府"),
            })
            .collect(),
        list_note: text("申请补助和配套自筹按项目整体填写，见资金来源与安排表。"),
        amount: Some(Amount {
            programme: text("江苏省覆盖拉网式农村环境综合整治试点"),
            document: text("苏财建〔2014〕80号"),
            version: text("1"),
            digest: "fedcba9876543210".repeat(4),
            total: 300_000_000,
            note: String::new(),
            steps: VILLAGES
                .iter()
                .take(3)
                .map(|(village, _)| Step {
                    label: text("每村定额"),
                    clause: text("第六条"),
                    inferred: false,
                    about: text(village),
                    words: text("省级奖补每村 50 万元，区级按 1:1 配套 50 万元；两项合计 100 万元。"),
                    result: 100_000_000,
                })
                .collect(),
            shares: vec![Share { label: text("省级"), amount: 150_000_000 }, Share { label: text("区级"), amount: 150_000_000 }],
            stages: Vec::new(),
        }),
        commitments: vec![
            Commitment {
                title: text("真实性承诺书"),
                to: text("盐城市亭湖生态环境局"),
                text: vec![text("我单位申报的盐东镇2026年农村环境整治项目（样例），所提交的申报表、实施方案、投资估算、照片和其他材料真实、完整、有效，与实际情况相符。"), text("如有虚假，愿承担相应责任，并接受取消申报资格、收回资金等处理。")],
                by: text("盐东镇人民政府（样例）"),
            },
        ],
        notices: vec![Notice {
            name: text("盐东镇2026年农村环境整治项目选取公示（样例）"),
            about: text("项目选取"),
            reach: text("本村"),
            span: text("2026年3月1日至2026年3月10日（10 天）"),
            place: text("新冲村、洋桥村、新建村村务公开栏"),
            objections: text("无异议"),
            files: vec![text("公示现场照片说明.pdf")],
            photos: [picture(0), picture(1)].into_iter().flatten().collect(),
        }],
        sheets: (0..works.min(4))
            .map(|n| PhotoSheet {
                title: form_works(n).name,
                village: text(village(n).0),
                spots: (0..2)
                    .map(|m| Spot {
                        name: text(["村口桥东侧", "处理站进水口"][m]),
                        direction: text("朝北"),
                        phases: [
                            picture(n * 3).into_iter().collect(),
                            picture(n * 3 + 1).into_iter().filter(|_| m == 0).collect(),
                            picture(n * 3 + 2).into_iter().collect(),
                        ],
                    })
                    .collect(),
                others: (0..n).filter_map(picture).collect(),
            })
            .collect(),
        map: Some(Site {
            areas: vec![MapArea {
                name: text("新冲村"),
                rings: vec![vec![(120.34, 33.43), (120.37, 33.432), (120.368, 33.455), (120.345, 33.458), (120.34, 33.43)]],
                own: true,
                outer: false,
            }],
            points: (0..works.max(1))
                .map(|n| MapPoint {
                    name: form_works(n).name,
                    lon: 120.35 + 0.007 * f64::from(u32::try_from(n % 7).unwrap_or(0)),
                    lat: 33.44 + 0.006 * f64::from(u32::try_from(n % 5).unwrap_or(0)),
                    works: true,
                    village: text(village(n).0),
                })
                .chain([MapPoint { name: text("新冲村"), lon: 120.352, lat: 33.449, works: false, village: String::new() }])
                .collect(),
            approval: text("苏S（2023）12号"),
        }),
        papers: vec![
            Paper {
                sort: text("村民会议记录"),
                title: text("新冲村村民代表会议记录（样例）"),
                number: String::new(),
                dated: text("2026-02-20"),
                pages: text("2"),
                files: vec![PaperFile { name: text("会议记录1.jpg"), sha256: "ab".repeat(32), ..PaperFile::default() }, PaperFile { name: text("会议记录2.jpg"), sha256: "cd".repeat(32), ..PaperFile::default() }],
                pictures: [picture(0), picture(1)].into_iter().flatten().collect(),
            },
            Paper {
                sort: text("可研、初设批复"),
                title: text("关于盐东镇农村环境整治项目可行性研究报告的批复（样例）"),
                number: text("亭发改〔2026〕15号"),
                dated: text("2026-03-02"),
                pages: text("6"),
                files: vec![PaperFile { name: text("可研批复.pdf"), sha256: "ef".repeat(32), ..PaperFile::default() }],
                pictures: Vec::new(),
            },
        ],
    };
    (volume, pictures)
}
