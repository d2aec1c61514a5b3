//! Rows that no kind holds: they are computed from records of several kinds, and a
//! template asks for them by a name of their own.

use domain::catalog::{Field, FieldType};
use domain::evaluation::EvaluationProblem;
use domain::funds::{Sort, Source, Stage};
use domain::{Fields, RecordId, Value};
use serde_json::{Value as Json, json};
use sheet::template::Filling;

use super::ExportAsked;
use crate::{AppError, FundAsked, FundLine, Laptop, Result};

/// What is computed.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Computed {
    /// 月调度: a row for each works.
    Month,
    /// 资金: a row for each fund entry, its amount in the column of its sort.
    Funds,
    /// 自评指标: a row for each target, and one for the money.
    Scores,
    /// 自评: what a self-evaluation comes to; it stands in no row of its own.
    Evaluation,
}

/// A column: its name in data, its label, its type.
type Column = (&'static str, &'static str, FieldType);

const MONTH: &[Column] = &[
    ("number", "工程编号", FieldType::Text),
    ("name", "工程名称", FieldType::Text),
    ("village", "行政村", FieldType::Text),
    ("fund", "资金名称", FieldType::Text),
    ("fundYear", "资金年度", FieldType::Integer),
    ("fundDocument", "资金文号", FieldType::Text),
    ("status", "进展", FieldType::Text),
    ("state", "状态", FieldType::Text),
    ("percent", "形象进度", FieldType::Integer),
    ("granted", "下达金额", FieldType::Money),
    ("contractAmount", "合同价", FieldType::Money),
    ("paid", "累计完成投资", FieldType::Money),
    ("received", "累计到位", FieldType::Money),
    ("spent", "累计支付", FieldType::Money),
    ("plannedStart", "计划开工", FieldType::Date),
    ("plannedEnd", "计划完工", FieldType::Date),
    ("actualStart", "实际开工", FieldType::Date),
    ("actualEnd", "实际完工", FieldType::Date),
    ("reason", "原因", FieldType::Text),
    ("stage", "实施阶段", FieldType::Text),
    ("effect", "成效", FieldType::Text),
    ("problem", "存在问题", FieldType::Text),
    ("nextPlan", "下月计划", FieldType::Text),
];

const FUNDS: &[Column] = &[
    ("number", "流水号", FieldType::Text),
    ("application", "申报", FieldType::Text),
    ("works", "工程", FieldType::Text),
    ("contract", "合同", FieldType::Text),
    ("document", "预算文号", FieldType::Text),
    ("level", "来源层级", FieldType::Text),
    ("sort", "类型", FieldType::Text),
    ("dated", "日期", FieldType::Date),
    ("allocated", "下达", FieldType::Money),
    ("arrived", "到位", FieldType::Money),
    ("spent", "支付", FieldType::Money),
    ("recovered", "收回", FieldType::Money),
    ("invoice", "发票号", FieldType::Text),
    ("stage", "进度节点", FieldType::Text),
    ("payee", "收款单位", FieldType::Text),
    ("handler", "经办", FieldType::Text),
    ("reviewer", "审核", FieldType::Text),
    ("note", "备注", FieldType::Text),
];

const SCORES: &[Column] = &[
    ("level", "一级指标", FieldType::Text),
    ("aspect", "二级指标", FieldType::Text),
    ("name", "三级指标", FieldType::Text),
    ("goal", "年度指标值", FieldType::Text),
    ("actual", "实际完成值", FieldType::Text),
    ("completion", "完成率", FieldType::Decimal),
    ("band", "完成程度", FieldType::Text),
    ("weight", "分值", FieldType::Decimal),
    ("score", "得分", FieldType::Decimal),
    ("deviation", "偏差原因及改进措施", FieldType::Text),
];

const EVALUATION: &[Column] = &[
    ("year", "年度", FieldType::Integer),
    ("initial", "年初预算数", FieldType::Money),
    ("budget", "全年预算数", FieldType::Money),
    ("spent", "全年执行数", FieldType::Money),
    ("carriedOver", "上年结转", FieldType::Money),
    ("total", "总分", FieldType::Decimal),
    ("grade", "等级", FieldType::Text),
    ("source", "评分办法", FieldType::Text),
    ("handedIn", "报送日期", FieldType::Date),
];

impl Computed {
    /// What a template calls `name`.
    pub(super) fn named(name: &str) -> Option<Self> {
        Some(match name {
            "month" | "月调度" => Self::Month,
            "funds" | "资金" => Self::Funds,
            "scores" | "自评指标" => Self::Scores,
            "self_evaluation" | "自评" => Self::Evaluation,
            _ => return None,
        })
    }

    /// Whether it stands in rows that are repeated.
    pub(super) fn repeats(self) -> bool {
        self != Self::Evaluation
    }

    fn columns(self) -> &'static [Column] {
        match self {
            Self::Month => MONTH,
            Self::Funds => FUNDS,
            Self::Scores => SCORES,
            Self::Evaluation => EVALUATION,
        }
    }

    /// One value of a row, or a sentence about what there is not.
    pub(super) fn value(
        self,
        row: &Fields,
        path: &[String],
        form: Option<&str>,
    ) -> Result<std::result::Result<Filling, String>> {
        let name = path.first().map_or("", String::as_str);
        let known = self.columns().iter().find(|(field, label, _)| *field == name || *label == name);
        let Some((field, label, field_type)) = known.filter(|_| path.len() == 1) else {
            return Ok(Err(format!("such a row has no “{}”", path.join("."))));
        };
        let value = row.get(*field).cloned().unwrap_or_default();
        let described = json!({"name": field, "label": {"zh": label, "en": field}, "type": field_type});
        let described: Field = serde_json::from_value(described).map_err(store::Error::from)?;
        Ok(sheet::filling(&described, &value, form, &|_| None))
    }
}

impl Laptop {
    /// The rows of what is computed; nothing where the table does not say of what it is to be.
    pub(super) fn computed_rows(
        &self,
        what: Computed,
        asked: &ExportAsked,
    ) -> Result<std::result::Result<Vec<Fields>, &'static str>> {
        let of: Option<RecordId> = match &asked.of {
            Some(text) => Some(text.parse().map_err(|_| AppError::unknown_record(text))?),
            None => None,
        };
        let needs = "这张表是某一申报的，没有说明是哪一个";
        match what {
            Computed::Month => match &asked.month {
                Some(month) => Ok(Ok(self.month_rows(month, asked.township.as_deref())?)),
                None => Ok(Err("这张表是某一月的，没有说明月份")),
            },
            Computed::Funds => {
                let list = self.fund_list(&FundAsked { of, ..FundAsked::default() })?;
                Ok(Ok(list.entries.iter().map(|line| self.fund_row(line)).collect()))
            }
            Computed::Scores | Computed::Evaluation => match of {
                Some(of) => self.evaluation_rows(what, of).map(Ok),
                None => Ok(Err(needs)),
            },
        }
    }

    fn month_rows(&self, month: &str, township: Option<&str>) -> Result<Vec<Fields>> {
        let view = self.month_report(month, township)?;
        let works = self.kind("works")?;
        let state = |row: &domain::month::Row| {
            let state = row.state.as_deref().and_then(|state| works.state(state).ok());
            state.map_or(Value::Null, |state| state.label.zh.clone().into())
        };
        let fields = |row: domain::month::Row| -> Fields {
            let label = state(&row);
            let Ok(Value::Object(values)) = serde_json::to_value(row) else { return Fields::new() };
            let mut fields: Fields = values.into_iter().collect();
            fields.insert("state".to_owned(), label);
            if let Some(status) = fields.get("status").and_then(Value::as_str).map(status) {
                fields.insert("status".to_owned(), status.into());
            }
            fields
        };
        Ok(view.report.rows.into_iter().map(fields).collect())
    }

    fn fund_row(&self, line: &FundLine) -> Fields {
        let title = |home: &Option<crate::FundHome>| home.as_ref().map(|home| home.title.clone());
        let amount = |sorts: &[Sort]| line.sort.filter(|sort| sorts.contains(sort)).map(|_| line.amount);
        // The words of the ledger's own kind, as the district may have changed them.
        let label = |field: &str, value: &str| self.catalog().choice("fund_entry", field, value);
        let sort = match (line.sort, line.amount < 0) {
            (None, _) => label("sort", Sort::Reversal.name()),
            (Some(sort), false) => label("sort", sort.name()),
            (Some(sort), true) => format!("{}{}", label("sort", Sort::Reversal.name()), label("sort", sort.name())),
        };
        row([
            ("number", json!(line.number)),
            ("application", json!(title(&line.application))),
            ("works", json!(title(&line.works))),
            ("contract", json!(title(&line.contract))),
            ("document", json!(line.document_number)),
            ("level", json!(label("level", Source::name(line.level)))),
            ("sort", json!(sort)),
            ("dated", json!(line.dated)),
            ("allocated", json!(amount(&[Sort::Allocated]))),
            ("arrived", json!(amount(&[Sort::Arrived]))),
            ("spent", json!(amount(&[Sort::Advance, Sort::Payment, Sort::Retention]))),
            ("recovered", json!(amount(&[Sort::Recovered]))),
            ("invoice", json!(line.invoice)),
            ("stage", json!(line.stage.map(|stage| label("stage", Stage::name(stage))))),
            ("payee", json!(line.payee)),
            ("handler", json!(line.handler)),
            ("reviewer", json!(line.reviewer)),
            ("note", json!(line.note)),
        ])
    }

    fn evaluation_rows(&self, what: Computed, application: RecordId) -> Result<Vec<Fields>> {
        let view = self.self_evaluation(application, None)?;
        let evaluation = &view.evaluation;
        let execution = &evaluation.execution;
        if what == Computed::Evaluation {
            return Ok(vec![row([
                ("year", json!(view.year)),
                ("initial", json!(execution.initial)),
                ("budget", json!(execution.budget)),
                ("spent", json!(execution.spent)),
                ("carriedOver", json!(execution.carried_over)),
                ("total", json!(evaluation.total)),
                ("grade", json!(evaluation.grade.as_ref().map(|grade| grade.label.zh.clone()))),
                ("source", json!(evaluation.source)),
                ("handedIn", json!(view.handed_in_on)),
            ])]);
        }
        let label = |field: &str, value: &str| self.catalog().choice("target", field, value);
        let mut rows: Vec<Fields> = Vec::new();
        for one in &evaluation.rows {
            let star = if one.core { "★" } else { "" };
            rows.push(row([
                ("level", json!(label("level", &one.level))),
                ("aspect", json!(label("aspect", &one.aspect))),
                ("name", json!(format!("{star}{}", one.name))),
                ("goal", json!(one.goal)),
                ("actual", json!(one.actual)),
                ("completion", json!(one.completion)),
                ("band", json!(one.band.as_ref().map(|band| band.label.zh.clone()))),
                ("weight", json!(one.weight)),
                ("score", json!(one.score)),
                ("deviation", json!(one.deviation)),
            ]));
        }
        let over = evaluation.problems.contains(&EvaluationProblem::ExecutionOver);
        rows.push(row([
            ("level", json!("预算执行率")),
            ("name", json!("预算执行率")),
            ("goal", json!(format!("{} 元", domain::money::yuan(execution.budget)))),
            ("actual", json!(format!("{} 元", domain::money::yuan(execution.spent)))),
            ("completion", json!(execution.rate)),
            ("weight", json!(execution.weight)),
            ("score", json!(execution.score)),
            ("deviation", json!(if over { "执行数超过预算数" } else { "" })),
        ]));
        Ok(rows)
    }
}

fn row<const N: usize>(values: [(&str, Json); N]) -> Fields {
    values.into_iter().map(|(name, value)| (name.to_owned(), value)).collect()
}

fn status(status: &str) -> &'static str {
    match status {
        "notBegun" => "未开工",
        "underWay" => "实施中",
        "built" => "已建成",
        _ => "终止",
    }
}
