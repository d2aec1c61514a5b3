//! The ready-made set of targets, with the values that the works come to.
//!
//! Names, levels and the percentages are those of published target tables; what
//! has no figure there is left for a person to say.

use serde_json::json;

use super::figures::{decimal, plain, whole};
use super::{Draft, choice};
use crate::money::{YUAN, parse_scaled};
use crate::submission::{Submission, id_in};
use crate::{Catalog, Record, RecordId, Value};

/// A target with everything but its value.
struct Row(&'static str, &'static str, &'static str, &'static str, &'static str, &'static str, bool);

impl Row {
    fn with(self, value: Option<&str>) -> Draft {
        let Self(code, level, aspect, name, bound, unit, core) = self;
        let fields: [(&str, Value); 7] = [
            ("level", json!(level)),
            ("aspect", json!(aspect)),
            ("name", json!(name)),
            ("core", json!(core)),
            ("bound", json!(bound)),
            ("value", json!(value)),
            ("unit", json!(unit)),
        ];
        Draft::new("target", code, &fields)
    }
}

pub(super) fn drafts(submission: &Submission, catalog: &Catalog) -> Vec<Draft> {
    let works: Vec<&Record> = submission.works.iter().collect();
    let of = |category: &str| -> Vec<&Record> {
        works.iter().copied().filter(|works| works.text("category") == Some(category)).collect()
    };
    let (sewage, waste, waters) = (of("sewage"), of("waste"), of("black_odour"));
    let mut found = Vec::new();
    let count = |number: usize| (number > 0).then(|| number.to_string());
    let mut asked = |row: Row, value: Option<String>| found.extend(value.map(|value| row.with(Some(&value))));
    asked(
        Row("villages", "output", "quantity", "完成整治行政村", "at_least", "个", true),
        count(submission.villages.len()),
    );
    asked(
        Row("sewage_villages", "output", "quantity", "新增污水治理行政村", "at_least", "个", true),
        count(villages(&sewage)),
    );
    let built = sewage.iter().filter(|works| works.text("capacity").is_some()).count();
    asked(Row("facilities", "output", "quantity", "新建处理设施", "at_least", "座", true), count(built));
    asked(Row("capacity", "output", "quantity", "处理规模", "at_least", "t/d", true), decimal(&sewage, "capacity"));
    asked(Row("pipes", "output", "quantity", "管网长度", "at_least", "m", true), decimal(&sewage, "pipe_length"));
    asked(
        Row("connected", "output", "quantity", "接入户数", "at_least", "户", false),
        whole(&sewage, "households_connected").map(|sum| sum.to_string()),
    );
    let bodies = waters.iter().filter(|works| works.text("water_body").is_some()).count();
    asked(Row("waters", "output", "quantity", "消除黑臭水体", "at_least", "条", true), count(bodies));
    asked(Row("dredged", "output", "quantity", "清淤量", "at_least", "m³", false), decimal(&waters, "dredged"));
    for (code, field, name, unit) in [
        ("bins", "bins", "垃圾收集设施", "个"),
        ("vehicles", "waste_vehicles", "垃圾清运车辆", "辆"),
        ("stations", "transfer_stations", "垃圾转运站", "座"),
    ] {
        let value = whole(&waste, field).filter(|sum| *sum > 0).map(|sum| sum.to_string());
        asked(Row(code, "output", "quantity", name, "at_least", unit, false), value);
    }
    let figure = |text: &str| Some(text.to_owned());
    let works_here = |value: Option<String>| value.filter(|_| !works.is_empty());
    let treats = |value: Option<String>| value.filter(|_| built > 0);
    asked(Row("accepted", "output", "quality", "验收合格率", "equal", "%", true), works_here(figure("100")));
    asked(Row("running", "output", "quality", "设施正常运行率", "at_least", "%", false), treats(figure("85")));
    asked(Row("begun_in_time", "output", "timeliness", "按期开工率", "equal", "%", false), works_here(figure("100")));
    asked(Row("done_in_time", "output", "timeliness", "按期完工率", "equal", "%", true), works_here(figure("100")));
    asked(
        Row("cost_household", "output", "cost", "户均投资", "at_most", "元/户", false),
        per_household(submission, &works),
    );
    asked(Row("cost_ton", "output", "cost", "吨水投资", "at_most", "元/(t/d)", false), per_ton(submission, &sewage));
    let people = submission.application.integer("benefit_people").or_else(|| whole(&works, "population"));
    asked(
        Row("people", "benefit", "social", "受益人口", "at_least", "人", true),
        people.filter(|people| *people > 0).map(|people| people.to_string()),
    );
    let sewage_here = |value: Option<String>| value.filter(|_| !sewage.is_empty());
    asked(
        Row("sewage_rate", "benefit", "ecological", "生活污水治理率", "at_least", "%", true),
        sewage_here(figure("60")),
    );
    asked(Row("upkeep", "benefit", "lasting", "管护制度落实", "equal", "", false), works_here(figure("是")));
    asked(
        Row("satisfaction", "satisfaction", "satisfaction", "群众满意度", "at_least", "%", true),
        works_here(figure("90")),
    );
    // Asked of every facility, with no figure that could be taken from a source.
    if built > 0 {
        found.push(Row("effluent", "output", "quality", "出水达标率", "at_least", "%", false).with(None));
    }
    let known = catalog.kind("target").is_ok();
    found.into_iter().filter(|_| known).collect()
}

/// One target as a sentence of the plan says it: `处理规模 ≥ 50 t/d`.
pub(super) fn said(catalog: &Catalog, target: &Record) -> Option<String> {
    let value = target.text("value")?;
    let bound = choice(catalog, target, "bound").filter(|_| value.starts_with(|c: char| c.is_ascii_digit()));
    let unit = target.text("unit").unwrap_or_default();
    let parts = [Some(target.text("name")?.to_owned()), bound, Some(value.to_owned()), Some(unit.to_owned())];
    let parts: Vec<String> = parts.into_iter().flatten().filter(|part| !part.is_empty()).collect();
    Some(parts.join(" "))
}

fn villages(works: &[&Record]) -> usize {
    works.iter().filter_map(|works| id_in(works, "village")).collect::<std::collections::BTreeSet<RecordId>>().len()
}

/// What all of it costs for each household that benefits, to the next 元.
fn per_household(submission: &Submission, works: &[&Record]) -> Option<String> {
    let application = &submission.application;
    let households = application.integer("benefit_households").or_else(|| whole(works, "households"))?;
    let total = application.integer("total").filter(|total| *total > 0)?;
    (households > 0).then(|| up(total, households.saturating_mul(YUAN)).to_string())
}

/// What the treatment costs for each t/d, to the next 元.
fn per_ton(submission: &Submission, sewage: &[&Record]) -> Option<String> {
    let thousandths = parse_scaled(&decimal(sewage, "capacity")?, 1_000).filter(|sum| *sum > 0)?;
    let ids: Vec<RecordId> = sewage.iter().map(|works| works.id).collect();
    let treats = |line: &&Record| {
        id_in(line, "works").is_some_and(|works| ids.contains(&works)) && line.text("unit") == Some("t_d")
    };
    let lines: Vec<&Record> = submission.lines.iter().filter(treats).collect();
    let cost = whole(&lines, "amount").filter(|cost| *cost > 0)?;
    let each = i64::try_from(i128::from(cost) * 1_000 / i128::from(thousandths)).ok()?;
    Some(plain(up(each, YUAN).checked_mul(1_000)?))
}

/// A quotient, a part of one counting as one.
fn up(value: i64, by: i64) -> i64 {
    value / by + i64::from(value % by != 0)
}
