//! What is wrong with a programme is named; what ships holds together.

use domain::Catalog;
use domain::programme::{InputType, Programme, ProgrammeFault, ProgrammeProblem, SHIPPED, STANDARD};

use crate::{edited, problems, text};

#[test]
fn every_programme_that_ships_holds_together_and_uses_the_catalogs_words() {
    let catalog = Catalog::shipped();
    assert!(SHIPPED.len() >= 18, "domain.md documents as many");
    for (name, text) in SHIPPED {
        let programme = Programme::parse(text).unwrap_or_else(|problems| panic!("{name}: {problems:#?}"));
        assert_eq!(*name, format!("{}.toml", programme.code), "a file is called by its code");
        let strange = programme.unknown_to(&catalog);
        assert!(strange.is_empty(), "{name}: {strange:?}");
        for clause in &programme.clauses {
            let read = ["domain.md", "domain_forms", "财办资环"].iter().any(|source| clause.source.contains(source));
            assert!(read || clause.inferred, "{name}: {} has no source and is not marked as inferred", clause.name);
        }
        if programme.document.is_empty() {
            assert!(programme.note.is_some(), "{name} must say that its 文号 was not found");
        }
    }
}

/// An input that no record holds would be asked for in vain.
#[test]
fn every_standard_input_is_a_field_of_its_record_under_the_same_name() {
    let catalog = Catalog::shipped();
    for input in STANDARD.iter().filter(|input| !input.counted) {
        let kind = catalog.kind(input.unit.name()).expect("a kind");
        let field = kind.field(input.name).unwrap_or_else(|_| panic!("{}.{}", input.unit.name(), input.name));
        use domain::catalog::FieldType as T;
        let fits = match input.input_type {
            InputType::Money => field.field_type == T::Money,
            InputType::Number => field.field_type == T::Decimal,
            InputType::Count => field.field_type == T::Integer,
            InputType::Text => matches!(field.field_type, T::Text | T::Choice),
            InputType::YesNo => field.field_type == T::YesNo,
            InputType::Date => field.field_type == T::Date,
        };
        assert!(fits, "{}.{} is {:?} in the catalog", input.unit.name(), input.name, field.field_type);
    }
}

#[test]
fn a_gap_between_bands_is_named() {
    let found = edited("taixing-green-village", &[(r#"from = "83", below"#, r#"from = "84", below"#)]);
    assert_eq!(found[0].fault, ProgrammeFault::BandsGap { from: "83".into(), until: "84".into() });
    let whole = r#"{ from = "80", to = "82.99""#;
    let closed = text("taixing-green-village").replacen(r#"{ from = "80", below = "83""#, whole, 1);
    Programme::parse(&closed).expect("scores have two places, so that 82.99 and 83 leave no gap");
}

#[test]
fn whatever_is_wrong_with_a_programme_is_named_with_its_place() {
    type Edits<'a> = &'a [(&'a str, &'a str)];
    let table: &[(&str, Edits<'_>, &str, &str)] = &[
        ("jiangsu-2014-match", &[("to = \"reward\"", "to = \"district_match\"")], "rule.district_match", "stepLater"),
        ("jiangsu-2014-match", &[("to = \"reward\"", "to = \"rewards\"")], "rule.district_match", "stepUnknown"),
        ("jiangsu-2014-match", &[("clause = \"match\"\nmatching", "matching")], "rule.district_match", "clauseMissing"),
        (
            "jiangsu-2014-match",
            &[("clause = \"match\"\nmatching", "clause = \"x\"\nmatching")],
            "rule.district_match",
            "clauseUnknown",
        ),
        ("jiangsu-2014-match", &[("until = \"2016", "until = \"2013")], "until", "datesReversed"),
        ("jiangsu-2014-match", &[("version = 1", "version = 0")], "version", "programmeVersion"),
        ("jiangsu-2014-match", &[("code = \"jiangsu", "code = \"江苏")], "code", "programmeCode"),
        ("jiangsu-2014-match", &[("name = \"district_match\"", "name = \"reward\"")], "rule.reward", "nameTwice"),
        ("jiangsu-2014-match", &[("step = \"district_match\"", "step = \"reward\"")], "share.reward", "sharesNotWhole"),
        ("jiangsu-2014-match", &[("step = \"district_match\"", "step = \"reward\"")], "share", "sharesIncomplete"),
        ("jiangsu-2014-match", &[("total = [\"reward\", \"district_match\"]", "total = []")], "result", "nothingPaid"),
        ("jiangsu-2014-match", &[("length = 7", "length = 0")], "clock.notice", "clockEmpty"),
        ("kaiping-one-issue", &[("percent = \"50\"", "percent = \"49.99\"")], "share.local", "sharesNotWhole"),
        ("kaiping-one-issue", &[("application.labour", "application.labor")], "rule.upper", "inputUnknown"),
        ("kaiping-one-issue", &[("\"application.labour\"]", "\"application.year\"]")], "rule.upper", "inputWrongType"),
        (
            "kaiping-one-issue",
            &[("percent = \"40\" }", "percent = \"40\" }\nfixed = { amount = \"1元\" }")],
            "rule.upper",
            "primitiveCount",
        ),
        (
            "municipality-2010-linked",
            &[("\"进场\", en = \"On site\" }, percent = \"10\"", "\"进场\", en = \"On site\" }, percent = \"11\"")],
            "rule.payment",
            "sharesNotWhole",
        ),
        (
            "municipality-2010-linked",
            &[("grade = [\"excellent\", \"good\"]", "grade = [\"best\"]")],
            "rule.payment",
            "gradeUnknown",
        ),
        ("municipality-2010-linked", &[("below = \"80\"", "below = \"85\"")], "grade", "bandsOverlap"),
        ("municipality-2010-linked", &[("\"diffuse\"]", "\"sewage\"]")], "category[1]", "categoryTwice"),
        (
            "wujin-2014-progress",
            &[("words = [\"建制镇\", \"镇区污水\", \"集镇污水处理厂\", \"集镇管网\"]", "words = []")],
            "excluded.town_plant",
            "wordsMissing",
        ),
        ("taixing-green-village", &[("below = \"80\"", "below = \"-1\"")], "rule.reward", "bandReversed"),
        ("taixing-green-village", &[("amount = \"0元\"", "percent = \"10\"")], "rule.reward", "bandWorth"),
        ("taixing-green-village", &[("amount = \"5万元\"", "amount = \"5万\n\"")], "", "programmeUnreadable"),
        ("taixing-green-village", &[("level = \"district\"", "level = \"county\"")], "", "programmeUnreadable"),
    ];
    for (code, edits, place, fault) in table {
        let found = edited(code, edits);
        let code_of = |problem: &ProgrammeProblem| {
            let value = serde_json::to_value(problem).expect("JSON");
            (
                value["place"].as_str().unwrap_or_default().to_owned(),
                value["code"].as_str().unwrap_or_default().to_owned(),
            )
        };
        let found: Vec<_> = found.iter().map(code_of).collect();
        assert!(found.contains(&((*place).to_owned(), (*fault).to_owned())), "{code} {edits:?}: {found:?}");
    }
}

#[test]
fn steps_that_wait_for_each_other_are_named_as_a_round() {
    let found = edited(
        "shandong-2011-match",
        &[("base = \"application.central\", percent = \"100\"", "base = \"county\", percent = \"100\"")],
    );
    let rounds: Vec<_> = found.iter().filter(|p| matches!(p.fault, ProgrammeFault::StepCycle { .. })).collect();
    assert_eq!(rounds.len(), 1, "{found:?}");
    assert_eq!(rounds[0].fault, ProgrammeFault::StepCycle { steps: "central → county → central".to_owned() });
}

/// A village cannot take a step of the whole application: it would be counted once for each.
#[test]
fn a_larger_units_step_is_not_handed_down() {
    let found = edited("jiangsu-2014-match", &[("of = \"village\"\nclause = \"reward\"", "clause = \"reward\"")]);
    let coarser = ProgrammeFault::StepCoarser { term: "reward".to_owned() };
    assert!(found.iter().any(|problem| problem.fault == coarser), "{found:?}");
}

#[test]
fn a_text_that_is_no_programme_says_the_line() {
    let found = problems("code = \"a\"\nversion = \"one\"\n");
    assert!(matches!(&found[0].fault, ProgrammeFault::ProgrammeUnreadable { line, .. } if line == "2"), "{found:?}");
    assert_eq!(problems(&"#".repeat(300 << 10))[0].fault, ProgrammeFault::ProgrammeTooLarge);
}

/// A name that is spelt otherwise than the records spell it asks for nothing.
#[test]
fn a_name_that_the_catalog_does_not_know_is_named() {
    let catalog = Catalog::shipped();
    for (code, from, to, place) in [
        ("municipality-2010-linked", "\"diffuse\"]", "\"difuse\"]", "category[1]"),
        ("municipality-2010-linked", "sorts = [\"land\"]", "sorts = [\"lands\"]", "paper[2]"),
        ("municipality-2010-linked", "is = [\"sewage\"]", "is = [\"污水\"]", "paper[3]"),
        ("municipality-2010-linked", "is = [\"problem\"]", "is = [\"problems\"]", "rule.granted"),
    ] {
        let changed = text(code).replacen(from, to, 1);
        let strange = Programme::parse(&changed).expect("it holds together by itself").unknown_to(&catalog);
        assert_eq!(strange.len(), 1, "{to}: {strange:?}");
        assert_eq!(strange[0].place, place, "{to}");
        assert!(matches!(strange[0].fault, ProgrammeFault::ChoiceUnknown { .. }), "{strange:?}");
    }
}
