//! The application form (项目申报表), typeset.
//!
//! The same application and the same fonts give the same bytes.

use std::collections::BTreeMap;

use domain::money;
use serde::{Deserialize, Serialize};
use serde_json::{Value, json};

use crate::PackageError;
use crate::press::{Pdf, Sheet};

const TEMPLATE: &str = include_str!("../templates/application.typ");

/// What the form shows. Amounts in 分; texts as they stand in the record; empty where nothing was filled in.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct Application {
    /// 申报编号.
    pub number: String,
    /// 项目名称.
    pub name: String,
    /// 年度.
    pub year: i64,
    /// 申报类型.
    pub programme: String,
    /// 承办单位.
    pub applicant: String,
    /// 项目负责人.
    pub leader: String,
    /// 联系电话.
    pub phone: String,
    /// The township's code.
    pub scope: String,
    /// The township's name.
    pub township: String,
    /// 主要环境问题.
    pub problems: String,
    /// 绩效目标.
    pub effects: String,
    /// 管护主体.
    pub keeper: String,
    /// 备注.
    pub note: String,
    /// 总投资, 分.
    pub total: Option<i64>,
    /// 申请资金, 分.
    pub requested: Option<i64>,
    /// 地方配套及自筹, 分.
    pub own_funds: Option<i64>,
    /// 建设内容.
    pub works: Vec<WorksLine>,
    /// The day of submission, `YYYY-MM-DD`; blank on the form of a draft.
    pub submitted_at: Option<String>,
}

/// One works of the form's table.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct WorksLine {
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
    /// 合同价, 分.
    pub contract_amount: Option<i64>,
    /// 计划开工, `YYYY-MM-DD`.
    pub planned_start: Option<String>,
    /// 计划完工, `YYYY-MM-DD`.
    pub planned_end: Option<String>,
    /// 形象进度 in percent, as digits.
    pub percent: Option<String>,
    /// The state of the works, by its label.
    pub state: String,
}

/// Typesets the form of `application` with the fonts of this machine.
///
/// # Errors
/// [`PackageError::FontMissing`], [`PackageError::GlyphMissing`] rather than a box where a letter should be.
pub fn typeset(application: &Application) -> Result<Pdf, PackageError> {
    Sheet {
        template: TEMPLATE,
        data: shown(application),
        pictures: BTreeMap::new(),
        ident: format!("nonghuan/{}/{}", application.scope, application.number),
        date: dated(application),
        odd_letters: false,
    }
    .typeset()
}

/// The form's values as the template prints them.
fn shown(application: &Application) -> Value {
    let a = application;
    let amount = |fen: Option<i64>| fen.map(|fen| grouped(&money::yuan(fen))).unwrap_or_default();
    let capitals = |fen: Option<i64>| fen.map(money::capitals).unwrap_or_default();
    let works: Vec<Value> = a
        .works
        .iter()
        .map(|line| {
            json!({
                "number": line.number, "village": line.village, "name": line.name, "category": line.category,
                "content": line.content, "amount": amount(line.contract_amount), "state": line.state,
                "start": line.planned_start.as_deref().map(short_date).unwrap_or_default(),
                "end": line.planned_end.as_deref().map(short_date).unwrap_or_default(),
                "percent": line.percent.as_ref().map(|percent| format!("{percent}%")).unwrap_or_default(),
            })
        })
        .collect();
    let sum = money::sum(a.works.iter().filter_map(|line| line.contract_amount));
    json!({
        "number": a.number, "name": a.name, "year": a.year.to_string(), "programme": a.programme,
        "applicant": a.applicant, "leader": a.leader, "phone": a.phone, "scope": a.scope, "township": a.township,
        "problems": a.problems, "effects": a.effects, "keeper": a.keeper, "note": a.note,
        "works": works, "sum": amount(sum), "sumCapitals": capitals(sum),
        "total": amount(a.total), "totalCapitals": capitals(a.total),
        "requested": amount(a.requested), "requestedCapitals": capitals(a.requested),
        "ownFunds": amount(a.own_funds), "ownFundsCapitals": capitals(a.own_funds),
        "submitted": a.submitted_at.as_deref().and_then(long_date),
    })
}

/// `1,234,567.80`.
fn grouped(yuan: &str) -> String {
    let (whole, part) = yuan.split_once('.').unwrap_or((yuan, "00"));
    let (sign, digits) = whole.strip_prefix('-').map_or(("", whole), |digits| ("-", digits));
    let mut out = String::from(sign);
    for (i, digit) in digits.chars().enumerate() {
        if i > 0 && (digits.len() - i) % 3 == 0 {
            out.push(',');
        }
        out.push(digit);
    }
    format!("{out}.{part}")
}

fn date_parts(date: &str) -> Option<(i32, u8, u8)> {
    let mut parts = date.get(..10)?.split('-');
    let parsed = (parts.next()?.parse().ok()?, parts.next()?.parse().ok()?, parts.next()?.parse().ok()?);
    Some(parsed)
}

/// `2026年5月3日`.
fn long_date(date: &str) -> Option<String> {
    date_parts(date).map(|(year, month, day)| format!("{year}年{month}月{day}日"))
}

/// `2026.05.03`.
fn short_date(date: &str) -> String {
    date.replace('-', ".")
}

/// The day of submission, or the first of the form's year: a PDF says when it was made, and must say the same twice.
fn dated(application: &Application) -> Option<(i32, u8, u8)> {
    let submitted = application.submitted_at.as_deref().and_then(date_parts);
    submitted.or_else(|| Some((i32::try_from(application.year).unwrap_or(2000), 1, 1)))
}

#[cfg(test)]
mod tests {
    use super::{grouped, long_date};

    #[test]
    fn amounts_are_grouped_by_thousands() {
        for (given, shown) in [("0.05", "0.05"), ("999.00", "999.00"), ("-1234567.80", "-1,234,567.80")] {
            assert_eq!(grouped(given), shown, "as an accountant writes it");
        }
        assert_eq!(long_date("2026-05-03").as_deref(), Some("2026年5月3日"), "without idle zeros");
    }
}
