//! What each part of the volume shows.

use serde::Serialize;

/// 申报表: what it has beyond the volume's own.
#[derive(Debug, Clone, Default, PartialEq, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct Form {
    /// Label, value, and whether it takes a row of its own.
    pub basics: Vec<(String, String, bool)>,
    /// The villages.
    pub villages: Vec<Place>,
    /// Who benefits, in words.
    pub benefit: String,
    /// 主要环境问题.
    pub problems: String,
    /// 建设内容与规模, as a whole.
    pub content: String,
    /// The works.
    pub works: Vec<FormWorks>,
    /// Where the money comes from, in words.
    pub sources: String,
    /// Whether other central money was had, in words.
    pub other_central: String,
    /// From when to when, in words.
    pub span: String,
    /// What was done before, a line each.
    pub preliminary: String,
    /// The notices, a line each.
    pub notice: String,
    /// 总体目标.
    pub effects: String,
    /// 管护主体.
    pub keeper: String,
    /// 年运维费 and where it is paid from, in words.
    pub upkeep: String,
    /// 备注.
    pub note: String,
    /// The boxes for opinions, written or to be written in.
    pub opinions: Vec<Opinion>,
}

/// A village of the form.
#[derive(Debug, Clone, Default, PartialEq, Serialize)]
pub struct Place {
    /// Its name.
    pub name: String,
    /// Its code.
    pub code: String,
    /// 村庄类型, 户籍户数, 户籍人口, 常住户数, 常住人口, 面积, 耕地, 人均纯收入, in words.
    pub values: Vec<String>,
}

/// A works of the form.
#[derive(Debug, Clone, Default, PartialEq, Serialize)]
pub struct FormWorks {
    /// 工程编号.
    pub number: String,
    /// 行政村.
    pub village: String,
    /// 工程名称.
    pub name: String,
    /// 整治类别, by its label.
    pub category: String,
    /// 建设内容与规模.
    pub content: String,
    /// Scale, treatment and the like, in words.
    pub details: String,
    /// Its money, 分.
    pub amount: Option<i64>,
    /// First day, or empty.
    pub start: String,
    /// Last day, or empty.
    pub end: String,
}

/// An opinion, or the box for one.
#[derive(Debug, Clone, Default, PartialEq, Serialize)]
pub struct Opinion {
    /// Whose it is.
    pub title: String,
    /// What it says.
    pub text: String,
    /// Who signed.
    pub signed: String,
    /// When, or empty.
    pub dated: String,
}

/// The lines of one works, or of what belongs to none.
#[derive(Debug, Clone, Default, PartialEq, Serialize)]
pub struct Estimate {
    /// The works.
    pub title: String,
    /// Its lines.
    pub lines: Vec<EstimateLine>,
    /// What they come to, 分.
    pub amount: Option<i64>,
}

/// A line of the estimate.
#[derive(Debug, Clone, Default, PartialEq, Serialize)]
pub struct EstimateLine {
    /// 工程类别.
    pub part: String,
    /// What it is.
    pub content: String,
    /// How much of it, as digits.
    pub quantity: String,
    /// In which unit.
    pub unit: String,
    /// 单价, 分.
    pub price: Option<i64>,
    /// 金额, 分.
    pub amount: Option<i64>,
    /// 备注.
    pub note: String,
}

/// A source of money.
#[derive(Debug, Clone, Default, PartialEq, Serialize)]
pub struct Source {
    /// Which.
    pub label: String,
    /// How much, 分.
    pub amount: i64,
    /// Its part of the whole in percent, as digits.
    pub share: String,
    /// 备注.
    pub note: String,
}

/// 一级指标.
#[derive(Debug, Clone, Default, PartialEq, Serialize)]
pub struct Level {
    /// Its label.
    pub label: String,
    /// 二级指标.
    pub aspects: Vec<Aspect>,
}

/// 二级指标.
#[derive(Debug, Clone, Default, PartialEq, Serialize)]
pub struct Aspect {
    /// Its label.
    pub label: String,
    /// 三级指标.
    pub targets: Vec<Target>,
}

/// 三级指标.
#[derive(Debug, Clone, Default, PartialEq, Serialize)]
pub struct Target {
    /// Its name.
    pub name: String,
    /// Whether it is a core one.
    pub core: bool,
    /// What is to be reached.
    pub value: String,
    /// In which unit.
    pub unit: String,
}

/// A works of the list.
#[derive(Debug, Clone, Default, PartialEq, Serialize)]
pub struct Row {
    /// 行政村.
    pub village: String,
    /// Its name.
    pub name: String,
    /// 建设内容.
    pub content: String,
    /// 整治类别.
    pub category: String,
    /// 总投资, 分.
    pub total: Option<i64>,
    /// 申请补助, 分.
    pub requested: Option<i64>,
    /// 配套自筹, 分.
    pub own: Option<i64>,
    /// 完成年限.
    pub until: String,
    /// 责任单位.
    pub responsible: String,
}

/// 奖补金额 and how it came about.
#[derive(Debug, Clone, Default, PartialEq, Serialize)]
pub struct Amount {
    /// The programme's name.
    pub programme: String,
    /// 文号.
    pub document: String,
    /// Its version.
    pub version: String,
    /// The digest of its text.
    pub digest: String,
    /// What it comes to, 分.
    pub total: i64,
    /// What is to be said of it.
    pub note: String,
    /// How it was computed.
    pub steps: Vec<Step>,
    /// Who bears how much.
    pub shares: Vec<Share>,
    /// When how much is paid.
    pub stages: Vec<Share>,
}

/// A step of the computation.
#[derive(Debug, Clone, Default, PartialEq, Serialize)]
pub struct Step {
    /// The rule.
    pub label: String,
    /// 条款.
    pub clause: String,
    /// Whether the district set it, and not the document.
    pub inferred: bool,
    /// What it is about: a village, a works.
    pub about: String,
    /// The step in words and figures.
    pub words: String,
    /// What came out, 分.
    pub result: i64,
}

/// A part of the money.
#[derive(Debug, Clone, Default, PartialEq, Serialize)]
pub struct Share {
    /// Whose, or when.
    pub label: String,
    /// How much, 分.
    pub amount: i64,
}

/// A commitment to be signed.
#[derive(Debug, Clone, Default, PartialEq, Serialize)]
pub struct Commitment {
    /// Its heading.
    pub title: String,
    /// To whom.
    pub to: String,
    /// Its paragraphs.
    pub text: Vec<String>,
    /// Who signs.
    pub by: String,
}

/// A notice that was posted.
#[derive(Debug, Clone, Default, PartialEq, Serialize)]
pub struct Notice {
    /// Its heading.
    pub name: String,
    /// What it is about.
    pub about: String,
    /// Who could read it.
    pub reach: String,
    /// From when to when, in words.
    pub span: String,
    /// Where.
    pub place: String,
    /// Objections and what became of them, in words.
    pub objections: String,
    /// Names of its papers.
    pub files: Vec<String>,
    /// Photos of it.
    pub photos: Vec<Picture>,
}

/// A picture of the volume.
#[derive(Debug, Clone, Default, PartialEq, Serialize)]
pub struct Picture {
    /// The name under which it is handed in.
    pub picture: String,
    /// The words below it.
    pub words: String,
    /// Which page of it, from 1, where it is a PDF; else 0.
    pub page: u32,
    /// Whether it is wider than high.
    pub wide: bool,
}

/// The photos of a works.
#[derive(Debug, Clone, Default, PartialEq, Serialize)]
pub struct PhotoSheet {
    /// The works.
    pub title: String,
    /// Its village.
    pub village: String,
    /// Its spots.
    pub spots: Vec<Spot>,
    /// Pictures of no spot.
    pub others: Vec<Picture>,
}

/// One spot through its phases.
#[derive(Debug, Clone, Default, PartialEq, Serialize)]
pub struct Spot {
    /// Its name.
    pub name: String,
    /// Which way the pictures look.
    pub direction: String,
    /// 整治前, 整治中, 整治后.
    pub phases: [Vec<Picture>; 3],
}

/// A document of the application.
#[derive(Debug, Clone, Default, PartialEq, Serialize)]
pub struct Paper {
    /// Its sort, by its label.
    pub sort: String,
    /// Its name.
    pub title: String,
    /// 文号.
    pub number: String,
    /// Its day, or empty.
    pub dated: String,
    /// How many pages it has, as far as is known.
    pub pages: String,
    /// Its files, as they lie in the package.
    pub files: Vec<PaperFile>,
    /// Their pages, as far as they are bound.
    pub pictures: Vec<Picture>,
}

/// A file of a document.
#[derive(Debug, Clone, Default, PartialEq, Serialize)]
pub struct PaperFile {
    /// What it is called.
    pub name: String,
    /// Hex SHA-256 of its bytes.
    pub sha256: String,
    /// Why it is not bound, where it is not.
    pub note: String,
}
