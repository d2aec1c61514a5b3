//! The catalog: what ships is right, and what is wrong is refused with file, key and reason.

use domain::catalog::{Catalog, CatalogError, FieldType, SHIPPED};
use domain::{Refusal, Value};
use serde_json::json;

/// The shipped files with one of them changed.
fn with(file: &str, from: &str, to: &str) -> Result<Catalog, CatalogError> {
    let files: Vec<(String, String)> = SHIPPED
        .iter()
        .map(|(name, text)| {
            let changed = text.replacen(from, to, 1);
            assert!(*name != file || changed != *text, "`{from}` is not in {file}");
            ((*name).to_owned(), if *name == file { changed } else { (*text).to_owned() })
        })
        .collect();
    Catalog::parse(&files)
}

#[test]
fn the_shipped_catalog_has_every_kind_with_labels_in_both_languages() {
    let catalog = Catalog::parse(SHIPPED).expect("what ships is right");
    let kinds: Vec<&str> = catalog.kinds.iter().map(|kind| kind.name.as_str()).collect();
    assert_eq!(
        kinds,
        [
            "place",
            "organisation",
            "township",
            "pilot",
            "village",
            "works",
            "progress",
            "contract",
            "variation",
            "joining",
            "acceptance",
            "acceptance_item",
            "rectification",
            "facility",
            "facility_check",
            "effluent_sample",
            "meter_reading",
            "bill",
            "water_body",
            "notice",
            "month_report",
            "spot",
            "finding_note",
            "photo_limits",
            "boundary",
            "programme",
            "application",
            "fund_entry",
            "settlement",
            "evaluation",
            "household",
            "estimate_line",
            "figure",
            "target",
            "chapter",
            "document",
            "opinion",
            "review_remark",
        ]
    );
    for kind in &catalog.kinds {
        let labels =
            kind.fields.iter().map(|f| &f.label).chain(kind.states.iter().map(|s| &s.label)).chain([&kind.label]);
        for label in labels {
            assert!(!label.zh.is_empty() && !label.en.is_empty(), "{} has an empty label", kind.name);
        }
    }
}

#[test]
fn a_wrong_catalog_is_refused_with_file_key_and_reason() {
    for (file, from, to, key, reason) in [
        ("works.toml", "title = \"name\"", "title = \"nam\"", "title", "no field `nam`"),
        ("works.toml", "type = \"money\"", "type = \"gold\"", "line ", "gold"),
        ("works.toml", "to = \"village\"", "to = \"valley\"", "field.village", "valley"),
        ("works.toml", "from = [\"planned\"]", "from = [\"dreamt\"]", "state.tendered", "dreamt"),
        ("works.toml", "by = [\"clerk\", \"lead\"]", "by = [\"king\"]", "state.tendered", "king"),
        ("works.toml", "-{device}-{n}", "-{n}", "number", "{device}"),
        (
            "works.toml",
            "required = { from = \"contracted\" }",
            "required = { from = \"x\" }",
            "field.contract_amount",
            "x",
        ),
        ("village.toml", "kind = \"village\"", "kind = \"vilage\"", "kind", "vilage"),
        ("village.toml", "digits = 12", "digit = 12", "line ", "digit"),
    ] {
        let error = with(file, from, to).expect_err(to);
        assert_eq!(error.file, file, "{error}");
        assert!(error.key.starts_with(key), "{error}: expected the key {key}");
        assert!(error.reason.contains(reason), "{error}: expected the reason to name {reason}");
    }
}

#[test]
fn an_empty_or_damaged_catalog_is_refused() {
    assert!(Catalog::parse::<&str, &str>(&[]).is_err(), "nothing is no catalog");
    assert!(Catalog::parse(&[("works.toml", "kind = ")]).is_err(), "half a line");
    assert!(Catalog::parse(&[("works.toml", "\u{0}\u{1}")]).is_err(), "no text at all");
}

#[test]
fn a_change_of_the_catalog_changes_its_revision() {
    let changed = with("works.toml", "合同价", "合同金额").expect("a label may change");
    assert_ne!(Catalog::shipped().revision(), changed.revision());
    assert_eq!(Catalog::shipped().revision(), Catalog::shipped().revision());
}

#[test]
fn values_are_read_as_a_person_types_them_or_refused() {
    let catalog = Catalog::shipped();
    let works = catalog.kind("works").expect("ships");
    let read = |field: &str, text: &str| works.field(field).expect("a field").read_text(text);
    for (field, text, value) in [
        ("contract_amount", "12.5万元", json!(12_500_000)),
        ("contract_amount", "125000元", json!(12_500_000)),
        ("contract_amount", "12500000", json!(12_500_000)),
        ("category", "生活污水", json!("sewage")),
        ("category", "sewage", json!("sewage")),
        ("capacity", "12.50", json!("12.50")),
        ("households", "86", json!(86)),
        ("planned_start", "2026-02-28", json!("2026-02-28")),
        ("name", "2026", json!("2026")),
        ("name", "  ", Value::Null),
    ] {
        assert_eq!(read(field, text), Ok(value), "{field}={text}");
    }
    let code = |field: &str, text: &str| {
        let refusal = serde_json::to_value(read(field, text).expect_err(text)).expect("JSON");
        refusal["code"].as_str().map(str::to_owned)
    };
    for (field, text, expected) in [
        ("planned_start", "2026-02-30", "noSuchDate"),
        ("planned_start", "2026年2月底", "wrongType"),
        ("contract_amount", "12.5", "wrongType"),
        ("contract_amount", "-1元", "outOfRange"),
        ("households", "86.5", "wrongType"),
        ("category", "厕所", "notAChoice"),
        ("capacity", "1e9", "wrongType"),
        ("place", r#"{"lon":200,"lat":33}"#, "outOfRange"),
        ("place", r#"{"lon":120,"lat":33,"system":"mars"}"#, "notAChoice"),
    ] {
        assert_eq!(code(field, text).as_deref(), Some(expected), "{field}={text}");
    }
}

#[test]
fn a_rate_is_kept_as_its_two_numbers() {
    let catalog = Catalog::shipped();
    let rate = catalog.kind("village").and_then(|kind| kind.field("sewage_rate").cloned()).expect("a rate");
    assert_eq!(rate.field_type, FieldType::Rate);
    let given = json!({"numerator": 39, "denominator": 84, "asOf": "2023-08-31", "basis": "行政村"});
    assert_eq!(rate.check(&given), Ok(given.clone()));
    for (name, wrong) in [("denominator", json!(0)), ("numerator", json!(-1)), ("asOf", json!("2023-13-01"))] {
        let mut value = given.clone();
        value[name] = wrong;
        assert!(rate.check(&value).is_err(), "{value}");
    }
    assert!(matches!(rate.check(&json!(46.7)), Err(Refusal::WrongType { .. })), "a typed percentage is no rate");
}
