//! Works as officials fill them in, and what they change of them. Words, figures
//! and order come from a seeded generator: every run measures the same.

use domain::{Action, Catalog, Fields, Scope, Value};
use serde_json::json;
use uuid::Uuid;

/// The township of all the works.
pub(crate) const TOWNSHIP: &str = "320902107";

/// That township's scope.
pub(crate) fn scope() -> Scope {
    Scope::parse(TOWNSHIP).expect("nine digits")
}

const PLACES: [&str; 12] =
    ["李灶", "新冲", "洋桥", "东南", "北港", "正洋", "生建", "庆元", "曙阳", "美满", "桂英", "中东"];

const WORKS: [&str; 8] = [
    "生活污水管网工程",
    "垃圾收运点建设",
    "黑臭水体整治",
    "公共厕所改造",
    "畜禽粪污治理",
    "河道清淤",
    "化粪池改造",
    "生态沟渠建设",
];

const CATEGORIES: [&str; 5] = ["sewage", "waste", "black_odour", "other", "livestock"];

/// Of these, four to six follow each other in a note.
const WORDS: [&str; 24] = [
    "铺设管网，新建一体化处理设施，配套检查井和户用化粪池；",
    "完工后由镇里统一委托运维，每月巡查一次；",
    "因汛期停工，工期顺延，竣工日期以监理签证为准；",
    "村民代表大会已表决同意，公示七日无异议；",
    "沿河两侧清表，清出的淤泥运至指定地点晾晒；",
    "原有旱厕拆除，粪污抽运，坑位回填并硬化；",
    "管线穿越县道，已取得公路部门的许可；",
    "设备由县里统一采购，镇里负责土建和接电；",
    "进水浓度偏低，需先排查雨污混接；",
    "尾水排入村东生态塘，出水口设标识牌；",
    "施工单位已进场，开挖沟槽并做好警示；",
    "部分农户房前空间不足，改用小型三格池；",
    "资金由省级补助和镇级配套组成，村里不出资；",
    "垃圾分类亭设在村口，由保洁员每日清运两次；",
    "养殖户已签承诺书，限期建好贮粪池；",
    "水面漂浮物已打捞，正在种植水生植物；",
    "现场照片已上传，经纬度以手机定位为准；",
    "图纸变更两处，设计单位已出联系单；",
    "验收时发现两处检查井盖破损，已责令更换；",
    "老年公寓一侧增设无障碍坡道和扶手；",
    "接户率尚差一成，计划秋收后入户动员；",
    "电费由村集体承担，运维费列入镇级预算；",
    "上游来水含沙量大，格栅需要加密清理；",
    "与高标准农田项目同步实施，避免重复开挖；",
];

/// Names of people, companies and hamlets are made of these.
const CHARACTERS: &str = "安宝北滨波长成春大德东栋发芳飞丰富刚高根光桂国海汉和红洪华怀惠吉佳建江金锦晶景军俊凯康兰乐礼立丽连良林龙\
                          梅美明宁平其启千强庆泉仁荣瑞润三山尚胜盛石世书淑顺松泰天田同万旺伟文武西贤祥小新兴秀旭学雅阳一义银英永友玉元云泽\
                          长正志中忠子祖左";

/// A small generator with its own state (SplitMix64).
pub(crate) struct Chance(u64);

impl Chance {
    pub(crate) fn new(seed: u64) -> Self {
        Self(seed.wrapping_mul(0x9E37_79B9_7F4A_7C15) ^ 0x0D15_EA5E)
    }

    pub(crate) fn below(&mut self, limit: u64) -> u64 {
        self.0 = self.0.wrapping_add(0x9E37_79B9_7F4A_7C15);
        let mut mixed = self.0;
        mixed = (mixed ^ (mixed >> 30)).wrapping_mul(0xBF58_476D_1CE4_E5B9);
        mixed = (mixed ^ (mixed >> 27)).wrapping_mul(0x94D0_49BB_1331_11EB);
        (mixed ^ (mixed >> 31)) % limit
    }

    fn of<'w>(&mut self, words: &[&'w str]) -> &'w str {
        words[usize::try_from(self.below(words.len() as u64)).expect("small")]
    }

    /// A name of `length` characters.
    fn name(&mut self, length: usize) -> String {
        let all: Vec<char> = CHARACTERS.chars().filter(|c| !c.is_whitespace()).collect();
        (0..length).map(|_| all[usize::try_from(self.below(all.len() as u64)).expect("small")]).collect()
    }

    /// A sentence of a note, with what is particular to it.
    fn sentence(&mut self) -> String {
        let (words, name, figure) = (self.of(&WORDS), self.name(3), self.below(10_000));
        format!("{words}{name}{figure}。")
    }

    /// 0 to `n` in no order.
    pub(crate) fn shuffled(&mut self, n: u64) -> Vec<u64> {
        let mut order: Vec<u64> = (0..n).collect();
        for at in (1..order.len()).rev() {
            order.swap(at, usize::try_from(self.below(at as u64 + 1)).expect("small"));
        }
        order
    }
}

/// Works number `n`: about 1 KB as JSON.
pub(crate) fn works(n: u64) -> Fields {
    let chance = &mut Chance::new(n);
    let village =
        Uuid::from_u128(0x0196_3c2b_0000_7000_8000_0000_0000_0000 + u128::from(chance.below(200)) * 0x9E37_79B9);
    let note: String = (0..4 + chance.below(3)).map(|_| chance.sentence()).collect();
    let (place, word) = (chance.of(&PLACES), chance.of(&WORKS));
    let fields = json!({
        "number": format!("GC-2026-A-{n:06}"),
        "village": village.to_string(),
        "name": format!("盐东镇{place}村{word}（{}组）", chance.below(30) + 1),
        "category": chance.of(&CATEGORIES),
        "contract_amount": chance.below(1_000_000) * 100,
        "contract_number": format!("盐环合〔2026〕{}号", chance.below(900) + 1),
        "contractor": format!("盐城市{}环境工程有限公司", chance.name(3)),
        "content": format!("主管网{}米，检查井{}座，{}一侧{}户接入", chance.below(6_000), chance.below(90), chance.name(2), chance.below(200)),
        "contract_date": format!("2026-{:02}-{:02}", chance.below(12) + 1, chance.below(28) + 1),
        "planned_start": format!("2026-{:02}-{:02}", chance.below(12) + 1, chance.below(28) + 1),
        "planned_end": format!("2027-{:02}-{:02}", chance.below(12) + 1, chance.below(28) + 1),
        "households": chance.below(400),
        "population": chance.below(1_500),
        "pipe_length": format!("{}.{}", chance.below(9_000), chance.below(10)),
        "keeper": chance.name(3),
        "note": note,
    });
    serde_json::from_value(fields).expect("an object")
}

/// What creates works number `n`.
pub(crate) fn beginning(catalog: &Catalog, n: u64) -> Vec<Action> {
    let kind = catalog.kind("works").expect("works ship");
    let mut actions = vec![Action::Create { state: kind.states.first().map(|state| state.name.clone()) }];
    actions.extend(kind.edit(&Fields::new(), &works(n)).expect("fields of works"));
    actions
}

/// Edit number `n`: one field gets another value.
pub(crate) fn edit(catalog: &Catalog, n: u64) -> Vec<Action> {
    let chance = &mut Chance::new(n + 1_000_000_007);
    let (field, value): (&str, Value) = match n % 5 {
        0 => ("households", json!(400 + n)),
        1 => ("keeper", json!(chance.name(3))),
        2 => (
            "actual_start",
            json!(format!("20{:02}-{:02}-{:02}", 26 + n / 5_000 % 70, n % 12 + 1, chance.below(28) + 1)),
        ),
        3 => ("population", json!(1_500 + n)),
        _ => ("pipe_length", json!(format!("{}.{}", 9_000 + n, chance.below(10)))),
    };
    let fields = Fields::from([(field.to_owned(), value)]);
    catalog.kind("works").expect("works ship").edit(&Fields::new(), &fields).expect("fields of works")
}

/// When something was done: minutes and seconds apart, as people work.
pub(crate) fn at(n: u64) -> String {
    let second = n * 47 + Chance::new(n).below(40);
    let (minute, hour, day) = (second / 60, second / 3_600, second / 86_400);
    let month = day / 28;
    format!(
        "{}-{:02}-{:02}T{:02}:{:02}:{:02}+08:00",
        2024 + month / 12 % 2,
        month % 12 + 1,
        day % 28 + 1,
        hour % 24,
        minute % 60,
        second % 60
    )
}
