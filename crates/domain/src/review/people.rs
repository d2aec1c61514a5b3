//! People: who benefits against who lives there, the capacity that is built for
//! them, and rates that cannot be so.

use super::Review;
use crate::Record;
use crate::catalog::{FieldType, NormMeasure};
use crate::finding::{Finding, FindingRule};
use crate::money::parse_scaled;

pub(super) fn check(review: &Review<'_>) -> Vec<Finding> {
    let mut found = Vec::new();
    for works in &review.submission.works {
        if let Some(village) = review.submission.village_of(works) {
            found.extend(of_works(review, works, village));
        }
        found.extend(capacity(review, works));
    }
    found.extend(of_application(review, "benefit_households", "households", "resident_households"));
    found.extend(of_application(review, "benefit_people", "population", "resident_population"));
    let rated = review.submission.villages.iter().chain(&review.submission.acceptances);
    found.extend(rated.flat_map(|record| rates(review, record)));
    found
}

/// Those who are registered or live there, whichever are more.
fn there(village: &Record, registered: &str, resident: &str) -> Option<i64> {
    village.integer(registered).max(village.integer(resident))
}

fn of_works(review: &Review<'_>, works: &Record, village: &Record) -> Vec<Finding> {
    let asked = [
        ("households", "households", "resident_households"),
        ("households_connected", "households", "resident_households"),
        ("population", "population", "resident_population"),
    ];
    let mut found = Vec::new();
    for (field, registered, resident) in asked {
        let (Some(benefit), Some(most)) = (works.integer(field), there(village, registered, resident)) else {
            continue;
        };
        if benefit > most {
            let fields = [
                ("who", review.name(works)),
                ("what", review.label("works", field)),
                ("benefit", benefit.to_string()),
                ("where", review.name(village)),
                ("most", most.to_string()),
            ];
            let one = Finding::of(FindingRule::BeneficiariesTooMany, &[works, village], &fields);
            found.push(one.about(field).mended_in(works, Some(field)));
        }
    }
    found
}

fn of_application(review: &Review<'_>, field: &str, registered: &str, resident: &str) -> Option<Finding> {
    let (application, villages) = (review.application(), &review.submission.villages);
    let benefit = application.integer(field)?;
    // Of a village that does not say how many it has, nothing can be said either.
    let most: Option<Vec<i64>> = villages.iter().map(|village| there(village, registered, resident)).collect();
    let most = crate::money::sum(most.filter(|most| !most.is_empty())?)?;
    if benefit <= most {
        return None;
    }
    let names: Vec<String> = villages.iter().map(|village| review.name(village)).collect();
    let fields = [
        ("who", review.name(application)),
        ("what", review.label("application", field)),
        ("benefit", benefit.to_string()),
        ("where", names.join("、")),
        ("most", most.to_string()),
    ];
    let records: Vec<&Record> = [application].into_iter().chain(villages).collect();
    let found = Finding::of(FindingRule::BeneficiariesTooMany, &records, &fields);
    Some(found.about(field).mended_in(application, Some(field)))
}

/// Capacity for each person against what is usual.
fn capacity(review: &Review<'_>, works: &Record) -> Option<Finding> {
    let today = review.day();
    let norm = review.catalog.norms(NormMeasure::PersonFlow, &today).next()?;
    let litres = parse_scaled(works.text("capacity")?, 1_000)?;
    let people = works.integer("population").filter(|people| *people > 0)?;
    let each = litres / people;
    if litres == 0 || !super::cost::is_odd(norm, each.checked_mul(100)?) {
        return None;
    }
    let fields = [
        ("works", review.name(works)),
        ("capacity", works.text("capacity").unwrap_or_default().to_owned()),
        ("people", people.to_string()),
        ("each", each.to_string()),
        ("least", norm.least.clone()),
        ("most", norm.most.clone()),
    ];
    let found = Finding::of(FindingRule::CapacityOdd, &[works], &fields);
    Some(found.by(&norm.source).mended_in(works, Some("capacity")))
}

/// A rate is its two numbers, the day and what is counted; more than all is none.
fn rates(review: &Review<'_>, record: &Record) -> Vec<Finding> {
    let Some(kind) = review.kind(&record.kind) else { return Vec::new() };
    let rates = kind.fields.iter().filter(|field| field.field_type == FieldType::Rate);
    let odd = rates.filter_map(|field| {
        let value = record.fields.get(&field.name).filter(|value| value.is_object())?;
        let (of, all) = (value["numerator"].as_i64()?, value["denominator"].as_i64()?);
        let said = |name: &str| value[name].as_str().is_some_and(|text| !text.trim().is_empty());
        if all > 0 && (0..=all).contains(&of) && said("asOf") && said("basis") {
            return None;
        }
        let fields = [
            ("who", review.name(record)),
            ("rate", field.label.zh.clone()),
            ("numerator", of.to_string()),
            ("denominator", all.to_string()),
        ];
        let found = Finding::of(FindingRule::RateOdd, &[record], &fields).about(&field.name);
        Some(found.mended_in(record, Some(&field.name)))
    });
    odd.collect()
}
