//! Programmes: taken, edited and published by the district, at every laptop by the
//! ordinary exchange, and kept as they were by what was made under them.

use app::programme::Case;
use app::{Laptop, RecordId, money};
use serde_json::{Value, json};

use crate::world::{World, YANDONG, code_of, fields, list, refusal, sync, village};

const WAN: i64 = money::WAN;

/// The shipped policy of 2014, with another code, version and sum for each village.
pub(crate) fn policy(laptop: &Laptop, version: u32, wan: u32) -> String {
    let shipped = laptop.programme("jiangsu-2014-match").expect("it ships").text;
    let edits = [
        ("code = \"jiangsu-2014-match\"".to_owned(), "code = \"tinghu-match\"".to_owned()),
        ("version = 1".to_owned(), format!("version = {version}")),
        ("amount = \"50万元\"".to_owned(), format!("amount = \"{wan}万元\"")),
    ];
    edits.into_iter().fold(shipped, |text, (from, to)| {
        assert!(text.contains(&from), "the shipped text has {from}");
        text.replacen(&from, &to, 1)
    })
}

fn application(laptop: &mut Laptop, policy: RecordId, requested: i64) -> RecordId {
    let values = json!({
        "name": "中东村污水治理", "year": 2026, "policy": policy.to_string(),
        "villages": [village(laptop).to_string()], "requested": requested,
    });
    laptop.add("application", fields(values)).expect("saved").id
}

#[test]
fn a_published_programme_reaches_every_laptop_and_an_application_keeps_its_version() {
    let world = World::new();
    let (mut reviewer, mut clerk) = (world.laptop_of("区审", YANDONG, "reviewer"), world.laptop("王芳"));
    let first = reviewer.publish_programme(&policy(&reviewer, 1, 50), false).expect("published");
    assert_eq!((first.state.as_str(), first.code.as_str(), first.version), ("published", "tinghu-match", 1));
    sync(&mut reviewer);
    sync(&mut clerk);

    let here = clerk.programme("tinghu-match").expect("it came with the exchange");
    assert_eq!((here.id, &here.digest, here.text == first.text), (first.id, &first.digest, true), "to the last letter");
    let policy_id = here.id.expect("a record");
    let made = application(&mut clerk, policy_id, 60 * WAN);
    let amount = clerk.amount(made, None).expect("an amount");
    assert_eq!((amount.total, amount.asked), (Some(100 * WAN), Some(50 * WAN)));
    assert_eq!(amount.trace[0].of.name, "中东村委会", "its village, out of the record");
    assert_eq!(amount.digest, first.digest);
    let differs: Vec<_> = amount.differences.iter().map(|one| (one.field.as_str(), one.said, one.computed)).collect();
    assert_eq!(differs, [("requested", Some(60 * WAN), 50 * WAN)], "more is asked for than is due");

    let second = reviewer.publish_programme(&policy(&reviewer, 2, 70), true).expect("published");
    sync(&mut clerk);
    sync(&mut reviewer);
    sync(&mut clerk);
    let states: Vec<_> = clerk
        .programmes()
        .expect("a list")
        .into_iter()
        .filter(|one| one.code == "tinghu-match")
        .map(|one| (one.version, one.state))
        .collect();
    assert_eq!(states, [(2, "published".to_owned()), (1, "retired".to_owned())], "the newest first");
    assert_eq!(clerk.amount(made, None).expect("an amount").asked, Some(50 * WAN), "as it was made");

    let past = reviewer.try_on_past(&policy(&reviewer, 3, 80), false).expect("tried");
    let tried: Vec<_> = past.iter().map(|one| (one.frozen_version, one.frozen, one.tried, one.requested)).collect();
    assert_eq!(tried, [(1, Some(50 * WAN), Some(80 * WAN), Some(60 * WAN))]);
    assert_ne!(second.id, first.id);
}

#[test]
fn what_is_published_never_changes_and_only_the_district_publishes() {
    let world = World::new();
    let (mut reviewer, mut clerk) = (world.laptop_of("区审", YANDONG, "reviewer"), world.laptop("王芳"));
    let text = policy(&reviewer, 1, 50);
    assert_eq!(code_of(clerk.publish_programme(&text, false)), "notAllowed");
    let drafted = reviewer.draft_programme(&text).expect("drafted");
    let other = reviewer.draft_programme(&policy(&reviewer, 1, 55)).expect("a draft may change");
    assert_eq!((drafted.id, drafted.state.as_str()), (other.id, "drafted"), "the same draft, with another sum");
    let half = text.replacen("ratio = \"1:1\"", "ratio = \"\"", 1);
    let kept = reviewer.draft_programme(&half).expect("what is half written is kept");
    assert_eq!((kept.id, kept.text == half, kept.parts.len()), (drafted.id, true, 0));
    assert_eq!(code_of(reviewer.draft_programme("code = \"x\"")), "programmeWrong", "without a heading it is nothing");
    let published = reviewer.publish_programme(&text, false).expect("published");
    assert_eq!((published.id, published.text == text), (drafted.id, true));

    let id = published.id.expect("a record");
    assert_eq!(code_of(reviewer.set(id, fields(json!({"name": "别的"})))), "locked");
    let (code, blanks) = refusal(reviewer.publish_programme(&policy(&reviewer, 1, 60), false));
    assert_eq!((code.as_str(), blanks["newest"].as_str()), ("programmeVersionTaken", "1"));
    let overlapping = policy(&reviewer, 2, 50).replacen("ratio = \"1:1\"", "ratio = \"1:0\"", 1);
    assert_eq!(code_of(reviewer.publish_programme(&overlapping, false)), "programmeWrong");
    let broken = policy(&reviewer, 2, 50).replacen("clause = \"match\"\nmatching", "matching", 1);
    let (code, blanks) = refusal(reviewer.publish_programme(&broken, false));
    assert_eq!((code.as_str(), blanks["place"].as_str()), ("programmeWrong", "rule.district_match"));
    let strange = policy(&reviewer, 2, 50).replacen("\"livestock\"", "\"livestok\"", 1);
    let (code, blanks) = refusal(reviewer.publish_programme(&strange, false));
    assert_eq!(
        (code.as_str(), blanks["place"].as_str()),
        ("programmeWrong", "category[1]"),
        "it would pay for nothing"
    );
    assert_eq!(list(&reviewer, "programme").len(), 1, "nothing of what was refused is kept");
    assert_eq!(code_of(reviewer.programme("nothing-of-it")), "unknownProgramme");
}

#[test]
fn an_amount_says_what_the_records_lack() {
    let world = World::new();
    let (mut reviewer, mut clerk) = (world.laptop_of("区审", YANDONG, "reviewer"), world.laptop("王芳"));
    let one_issue = reviewer.programme("kaiping-one-issue").expect("it ships").text;
    let published = reviewer.publish_programme(&one_issue, false).expect("published");
    sync(&mut reviewer);
    sync(&mut clerk);
    let bare = clerk.add("application", fields(json!({"name": "没选政策", "year": 2026}))).expect("saved");
    assert_eq!(code_of(clerk.amount(bare.id, None)), "noProgramme");

    let made = application(&mut clerk, published.id.expect("a record"), 50_000);
    let lacking = clerk.amount(made, None).expect("a view");
    let inputs: Vec<_> = lacking.problems.iter().map(|one| (one.code.as_str(), one.fields["input"].as_str())).collect();
    let missing = |input| ("amountInputMissing", input);
    assert_eq!(inputs, [missing("application.labour"), missing("application.villagers")]);
    assert_eq!(lacking.total, None);

    clerk.set(made, fields(json!({"total": 300_000, "villagers": 100_000}))).expect("saved");
    let paid = clerk.amount(made, None).expect("an amount");
    assert_eq!(paid.total, Some(50_000), "once the total is filled, a source left empty brings nothing");
    let differs: Vec<_> = paid.differences.iter().map(|one| (one.field.as_str(), one.said)).collect();
    assert_eq!(differs, [("province", None), ("city", None), ("district", None)]);
    assert_eq!(code_of(clerk.amount(made, Some("2026-02-30"))), "noSuchDate");
}

#[test]
fn a_case_is_computed_without_any_laptop() {
    let folder = tempfile::tempdir().expect("a folder");
    let path = folder.path().join("case.json");
    let case: Value = json!({"villages": [{"id": "a", "acceptance_score": 83}]});
    std::fs::write(&path, case.to_string()).expect("written");
    let read: Case = app::read_case(&path).expect("a case");
    let shipped = app::shipped_programmes();
    let taixing = shipped.iter().find(|one| one.code == "taixing-green-village").expect("it ships");
    let tried = app::try_programme(&taixing.text, &read);
    assert_eq!(tried.amount.expect("an amount").total, 8 * WAN);
    std::fs::write(&path, "{\"villages\": [}").expect("written");
    let (code, blanks) = refusal(app::read_case(&path));
    assert_eq!((code.as_str(), blanks["line"].as_str()), ("caseUnreadable", "1"));
    let wrong = app::check_programme("code = 1");
    assert_eq!((wrong.ok, wrong.problems[0].problem.code.as_str()), (false, "programmeUnreadable"));
}
