//! The inputs that rules may use. Most are fields of records under their own
//! names, so that nobody types what a record holds; a programme declares what
//! only it asks for, and may say from which estimate lines that is counted.

use serde::{Deserialize, Serialize};
use ts_rs::TS;

use super::term::Unit;
use crate::catalog::Label;

/// What an input holds.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(rename_all = "snake_case")]
#[ts(rename = "ProgrammeInputType")]
pub enum InputType {
    /// 分 as a whole number, or text with its unit.
    Money,
    /// A number that may have places.
    Number,
    /// A whole number.
    Count,
    /// Text, or a choice.
    Text,
    /// `true` or `false`.
    YesNo,
    /// `YYYY-MM-DD`.
    Date,
}

impl InputType {
    /// What is to be filled in, in words.
    #[must_use]
    pub fn words(self) -> &'static str {
        match self {
            Self::Money => "金额（如 12.5万元）",
            Self::Number => "不小于 0 的数",
            Self::Count => "不小于 0 的整数",
            Self::Text => "文字",
            Self::YesNo => "是或否",
            Self::Date => "日期（如 2026-03-01）",
        }
    }

    /// Its name in data.
    #[must_use]
    pub fn name(self) -> &'static str {
        match self {
            Self::Money => "money",
            Self::Number => "number",
            Self::Count => "count",
            Self::Text => "text",
            Self::YesNo => "yes_no",
            Self::Date => "date",
        }
    }

    pub(super) fn is_number(self) -> bool {
        matches!(self, Self::Money | Self::Number | Self::Count)
    }
}

/// An input that only this programme asks for.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Input {
    /// `village.public_toilets`.
    pub name: String,
    /// Its name on paper.
    pub label: Label,
    /// What it holds.
    #[serde(rename = "type")]
    pub input_type: InputType,
    /// What it counts: 座, 户.
    #[serde(default)]
    pub unit: String,
    /// Taken when the case says nothing of it.
    pub default: Option<String>,
    /// Counted from the estimate lines whose content has one of these words:
    /// their quantities, or their amounts where it is money.
    #[serde(default)]
    pub lines: Vec<String>,
}

impl Input {
    /// What it belongs to, and its name there.
    #[must_use]
    pub fn place(&self) -> Option<(Unit, &str)> {
        let (unit, name) = self.name.split_once('.')?;
        super::term::identifier(name)?;
        Some((Unit::named(unit)?, name))
    }
}

/// An input that every programme may use.
#[derive(Debug, Clone, Copy)]
pub struct Standard {
    /// What it belongs to.
    pub unit: Unit,
    /// Its name, which is the name of the record's field unless it is counted.
    pub name: &'static str,
    /// What it holds.
    pub input_type: InputType,
    /// Chinese and English.
    pub label: (&'static str, &'static str),
    /// Counted from other records and no field of its own.
    pub counted: bool,
}

const fn field(unit: Unit, name: &'static str, input_type: InputType, zh: &'static str, en: &'static str) -> Standard {
    Standard { unit, name, input_type, label: (zh, en), counted: false }
}

const fn counted(
    unit: Unit,
    name: &'static str,
    input_type: InputType,
    zh: &'static str,
    en: &'static str,
) -> Standard {
    Standard { unit, name, input_type, label: (zh, en), counted: true }
}

use InputType::{Count, Date, Money, Number, Text, YesNo};
use Unit::{Application, Village, Works};

/// The inputs that every programme may use.
pub const STANDARD: &[Standard] = &[
    field(Application, "year", Count, "年度", "Year"),
    field(Application, "linking", Text, "连片类型", "Linking"),
    field(Application, "total", Money, "总投资", "Total investment"),
    field(Application, "requested", Money, "申请资金", "Amount requested"),
    field(Application, "central", Money, "中央资金", "Central funds"),
    field(Application, "province", Money, "省级资金", "Provincial funds"),
    field(Application, "city", Money, "市级资金", "City funds"),
    field(Application, "district", Money, "区级资金", "District funds"),
    field(Application, "town", Money, "镇级资金", "Town funds"),
    field(Application, "village_funds", Money, "村集体自筹", "Village collective"),
    field(Application, "villagers", Money, "村民筹资", "Villagers"),
    field(Application, "labour", Money, "投工投劳折算", "Labour, valued"),
    field(Application, "social", Money, "社会资金", "Social funds"),
    field(Application, "other_funds", Money, "其他整合资金", "Other funds"),
    field(Application, "other_central", YesNo, "已获其他中央资金", "Has other central money"),
    field(Application, "benefit_households", Count, "受益户数", "Households that benefit"),
    field(Application, "benefit_people", Count, "受益人口", "People who benefit"),
    counted(Application, "village_count", Count, "行政村数", "Villages"),
    counted(Application, "works_count", Count, "工程数", "Works"),
    counted(Application, "estimate", Money, "投资估算合计", "Estimate, all lines"),
    counted(Application, "prepaid", Money, "已预拨", "Paid in advance"),
    counted(Application, "water_bodies", Count, "黑臭水体数", "Black-odour bodies"),
    counted(Application, "water_area", Number, "黑臭水体面积（m²）", "Black-odour area (m²)"),
    counted(Application, "evaluation_score", Number, "绩效评价得分", "Evaluation score"),
    field(Village, "village_type", Text, "村庄类型", "Village type"),
    field(Village, "natural_villages", Count, "自然村数", "Natural villages"),
    field(Village, "households", Count, "户籍户数", "Registered households"),
    field(Village, "population", Count, "户籍人口", "Registered people"),
    field(Village, "resident_households", Count, "常住户数", "Resident households"),
    field(Village, "resident_population", Count, "常住人口", "Resident people"),
    field(Village, "area", Number, "面积（km²）", "Area (km²)"),
    field(Village, "farmland", Number, "耕地（亩）", "Farmland (mu)"),
    counted(Village, "acceptance_score", Number, "验收得分", "Acceptance score"),
    counted(Village, "accepted_level", Text, "已通过验收的级别", "Level of the passed acceptance"),
    counted(Village, "estimate", Money, "投资估算", "Estimate"),
    field(Works, "category", Text, "整治类别", "Category"),
    field(Works, "households", Count, "受益户数", "Households served"),
    field(Works, "population", Count, "受益人口", "People served"),
    field(Works, "approved_amount", Money, "批复金额", "Approved amount"),
    field(Works, "granted", Money, "补助金额", "Granted"),
    field(Works, "contract_amount", Money, "合同价", "Contract price"),
    field(Works, "settled_amount", Money, "结算审定价", "Audited settlement"),
    field(Works, "actual_start", Date, "实际开工", "Begun on"),
    field(Works, "actual_end", Date, "实际完工", "Finished on"),
    field(Works, "accepted_on", Date, "竣工验收日期", "Accepted on"),
    counted(Works, "estimate", Money, "投资估算", "Estimate"),
    counted(Works, "stage", Text, "进度节点", "Stage reached"),
    counted(Works, "accepted_level", Text, "已通过验收的级别", "Level of the passed acceptance"),
    counted(Works, "outcome_score", Number, "成效评估得分", "Outcome score"),
];

/// What is known of an input, whoever declared it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Known<'a> {
    pub(super) input_type: InputType,
    pub(super) zh: &'a str,
    pub(super) en: &'a str,
    pub(super) unit: &'a str,
    pub(super) default: Option<&'a str>,
}

/// The input called `name` of `unit`: the programme's own before the standard one.
pub(super) fn known<'a>(declared: &'a [Input], unit: Unit, name: &str) -> Option<Known<'a>> {
    if let Some(input) = declared.iter().find(|input| input.place() == Some((unit, name))) {
        return Some(Known {
            input_type: input.input_type,
            zh: &input.label.zh,
            en: &input.label.en,
            unit: &input.unit,
            default: input.default.as_deref(),
        });
    }
    let standard = STANDARD.iter().find(|input| input.unit == unit && input.name == name)?;
    let (zh, en) = standard.label;
    Some(Known { input_type: standard.input_type, zh, en, unit: "", default: None })
}
