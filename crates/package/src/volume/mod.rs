//! 申报书: the bound volume of an application, from cover to scans, as one PDF.
//!
//! Plain values in: texts in words, money in 分, days as `YYYY-MM-DD`, pictures by
//! the names under which they are handed in. Each part is a Typst file of its own
//! with one shared style; a part without anything to show is left out.

mod docx;
mod letter;
mod map;
mod parts;

use std::collections::BTreeMap;

use domain::money;
use qrcode::QrCode;
use qrcode::render::svg;
use serde::Serialize;
use serde_json::{Value, json};

use crate::PackageError;
use crate::press::{Composed, Sheet, day_of};

pub use docx::{letter_docx, plan_docx};
pub use map::{MapArea, MapPoint, Site};
pub use parts::{
    Amount, Aspect, Commitment, Estimate, EstimateLine, Form, FormWorks, Level, Notice, Opinion, Paper, PaperFile,
    PhotoSheet, Picture, Place, Row, Share, Source, Spot, Step, Target,
};

/// The templates, by the names under which they import each other.
const TEMPLATES: &[(&str, &str)] = &[
    ("main.typ", include_str!("../../templates/volume/main.typ")),
    ("style.typ", include_str!("../../templates/volume/style.typ")),
    ("cover.typ", include_str!("../../templates/volume/cover.typ")),
    ("letter.typ", include_str!("../../templates/volume/letter.typ")),
    ("form.typ", include_str!("../../templates/volume/form.typ")),
    ("plan.typ", include_str!("../../templates/volume/plan.typ")),
    ("tables.typ", include_str!("../../templates/volume/tables.typ")),
    ("amount.typ", include_str!("../../templates/volume/amount.typ")),
    ("evidence.typ", include_str!("../../templates/volume/evidence.typ")),
];

/// What the volume shows.
#[derive(Debug, Clone, Default, PartialEq, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct Volume {
    /// 申报编号.
    pub number: String,
    /// 项目名称.
    pub name: String,
    /// 年度.
    pub year: i64,
    /// 批次.
    pub batch: String,
    /// 申报类型, by its label.
    pub sort: String,
    /// 承办单位.
    pub applicant: String,
    /// 主管部门.
    pub department: String,
    /// 项目负责人.
    pub leader: String,
    /// 联系电话.
    pub phone: String,
    /// 项目地点, in words.
    pub place: String,
    /// The day that the papers bear; nothing leaves it blank, to be written in by hand.
    pub dated: Option<String>,
    /// What is said on every page while the application is not handed in.
    pub draft: Option<String>,
    /// The programme that it is made under: its name, and its document number.
    pub programme: Option<Policy>,
    /// What the cover says of the data behind it.
    pub seal: Seal,
    /// 总投资, 分.
    pub total: Option<i64>,
    /// 申请资金, 分.
    pub requested: Option<i64>,
    /// Whether the program writes the letter: not where a signed one is among the papers.
    pub writes_letter: bool,
    /// The letter's number, where it has one already.
    pub letter_number: String,
    /// 申报表.
    pub form: Form,
    /// 实施方案, chapter by chapter.
    pub plan: Vec<Chapter>,
    /// 投资估算, works by works.
    pub estimate: Vec<Estimate>,
    /// 资金来源.
    pub funding: Vec<Source>,
    /// 绩效目标 by level.
    pub targets: Vec<Level>,
    /// 项目汇总 by works.
    pub list: Vec<Row>,
    /// What the list says of itself.
    pub list_note: String,
    /// 奖补金额 with its steps.
    pub amount: Option<Amount>,
    /// Commitments to be signed; those that are signed are among the papers.
    pub commitments: Vec<Commitment>,
    /// 公示.
    pub notices: Vec<Notice>,
    /// Photos by works and spot.
    pub sheets: Vec<PhotoSheet>,
    /// 位置图.
    pub map: Option<Site>,
    /// 申报材料.
    pub papers: Vec<Paper>,
}

/// A programme by name.
#[derive(Debug, Clone, Default, PartialEq, Serialize)]
pub struct Policy {
    /// Its name.
    pub name: String,
    /// 文号.
    pub document: String,
}

/// What ties the paper to the data.
#[derive(Debug, Clone, Default, PartialEq, Serialize)]
pub struct Seal {
    /// Hex SHA-256 of the data; in the QR code, and in print.
    pub digest: String,
    /// Up to where the logs were read: a line for each scope.
    pub log: Vec<String>,
    /// Changes on top that the district has not confirmed.
    pub pending: u64,
}

/// A chapter of the plan.
#[derive(Debug, Clone, Default, PartialEq, Serialize)]
pub struct Chapter {
    /// Its heading.
    pub title: String,
    /// Its text, a paragraph a line.
    pub text: String,
}

/// What the QR code of a volume says: words for whoever scans it, and the digest.
#[must_use]
pub fn code(number: &str, digest: &str) -> String {
    format!("农环台账申报书 {number}\napplication.json SHA-256\n{digest}")
}

/// Sets the volume's pages; `pictures` by the names that it uses.
///
/// # Errors
/// [`PackageError::FontMissing`], [`PackageError::GlyphMissing`] rather than a box
/// where a letter should be, or a picture that is none.
pub fn compose(volume: &Volume, mut pictures: BTreeMap<String, Vec<u8>>) -> Result<Composed, PackageError> {
    let qr = QrCode::new(code(&volume.number, &volume.seal.digest).as_bytes());
    let qr = qr.map_err(|error| PackageError::FormBroken { reason: error.to_string() })?;
    let picture = qr.render::<svg::Color<'_>>().min_dimensions(200, 200).quiet_zone(true).build();
    pictures.insert("qr.svg".to_owned(), picture.into_bytes());
    Sheet {
        templates: TEMPLATES,
        data: shown(volume),
        pictures,
        ident: format!("nonghuan/{}/{}", volume.number, volume.seal.digest),
        date: volume.dated.as_deref().and_then(day_of).or_else(|| first_of(volume.year)),
        odd_letters: false,
    }
    .compose()
}

/// A PDF says when it was made, and must say the same twice.
fn first_of(year: i64) -> Option<(i32, u8, u8)> {
    Some((i32::try_from(year).ok()?, 1, 1))
}

/// The volume as its templates print it: with what follows from the rest.
fn shown(volume: &Volume) -> Value {
    let mut data = json!(volume);
    let capitals = |fen: Option<i64>| fen.map(money::capitals).unwrap_or_default();
    let sum = |amounts: &mut dyn Iterator<Item = Option<i64>>| {
        let known: Vec<i64> = amounts.flatten().collect();
        if known.is_empty() { None } else { money::sum(known) }
    };
    data["totalCapitals"] = json!(capitals(volume.total));
    data["requestedCapitals"] = json!(capitals(volume.requested));
    data["estimateSum"] = json!(sum(&mut volume.estimate.iter().map(|group| group.amount)));
    data["fundingSum"] = json!(sum(&mut volume.funding.iter().map(|source| Some(source.amount))));
    data["listSum"] = json!({
        "total": sum(&mut volume.list.iter().map(|row| row.total)),
        "requested": sum(&mut volume.list.iter().map(|row| row.requested)),
        "own": sum(&mut volume.list.iter().map(|row| row.own)),
    });
    data["form"]["sum"] = json!(sum(&mut volume.form.works.iter().map(|works| works.amount)));
    data["letter"] = if volume.writes_letter { json!(letter::letter(volume)) } else { Value::Null };
    data["map"] = json!(volume.map.as_ref().map(Site::drawn));
    if let Some(amount) = &volume.amount {
        data["amount"]["capitals"] = json!(money::capitals(amount.total));
    }
    data
}
