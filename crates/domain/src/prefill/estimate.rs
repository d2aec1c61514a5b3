//! Estimate lines out of contracts and works: the contracts where there are any,
//! else the price of the works, else its quantities without one.

use serde_json::json;

use super::{Draft, choice, name};
use crate::submission::{Submission, id_in};
use crate::{Catalog, Record, Value};

pub(super) fn drafts(submission: &Submission, catalog: &Catalog) -> Vec<Draft> {
    submission.works.iter().flat_map(|works| of_works(submission, catalog, works)).collect()
}

fn of_works(submission: &Submission, catalog: &Catalog, works: &Record) -> Vec<Draft> {
    // Where a person has written a line, the estimate of this works is theirs.
    let own = |line: &&Record| id_in(line, "works") == Some(works.id) && line.text("code").is_none();
    if submission.lines.iter().any(|line| own(&line)) {
        return Vec::new();
    }
    let category = choice(catalog, works, "category");
    let line = |code: String, cost: &str, part: Option<String>, more: &[(&str, Value)]| {
        let fields = [("works", json!(works.id.to_string())), ("cost", json!(cost)), ("part", json!(part))];
        Draft::new("estimate_line", code, &[&fields, more].concat())
    };
    let priced = |contract: &&Record| {
        let first = id_in(contract, "works") == Some(works.id);
        let live = contract.state.as_deref() != Some("terminated");
        // One contract for several works is one line, with the works that it is filed under.
        first && live && contract.integer("amount").is_some()
    };
    let contracts: Vec<&Record> = submission.contracts.iter().filter(priced).collect();
    if !contracts.is_empty() {
        let lines = contracts.into_iter().map(|contract| {
            let amount = contract.integer("amount").unwrap_or_default();
            let cost = match contract.text("sort") {
                Some("construction") => "building",
                Some("purchase") => "equipment",
                _ => "other",
            };
            let part = if cost == "other" { choice(catalog, contract, "sort") } else { category.clone() };
            let more = [
                ("content", json!(name(contract))),
                ("quantity", json!("1")),
                ("unit", json!("item")),
                ("unit_price", json!(amount)),
                ("amount", json!(amount)),
            ];
            line(format!("contract:{}", contract.id), cost, part, &more)
        });
        return lines.collect();
    }
    if let Some(amount) = works.integer("contract_amount").or_else(|| works.integer("approved_amount")) {
        let more = [
            ("content", json!(name(works))),
            ("quantity", json!("1")),
            ("unit", json!("item")),
            ("unit_price", json!(amount)),
            ("amount", json!(amount)),
        ];
        return vec![line(format!("works:{}", works.id), "building", category, &more)];
    }
    let quantities = [
        ("capacity", "t_d", "处理设施"),
        ("pipe_length", "m", "管网"),
        ("households_connected", "household", "户接入"),
        ("dredged", "m3", "清淤"),
        ("ditch_length", "m", "沟渠"),
    ];
    let lines = quantities.into_iter().filter_map(|(field, unit, part)| {
        let quantity = match works.fields.get(field)? {
            Value::String(text) => text.clone(),
            Value::Number(number) => number.to_string(),
            _ => return None,
        };
        let content = format!("{} {part}", name(works));
        let more = [("content", json!(content)), ("quantity", json!(quantity)), ("unit", json!(unit))];
        Some(line(format!("works:{}:{field}", works.id), "building", Some(part.to_owned()), &more))
    });
    lines.collect()
}
