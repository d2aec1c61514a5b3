//! Search: any two characters of a name find it, whatever else is in it.

use std::cell::RefCell;

use domain::Action;
use proptest::prelude::*;
use serde_json::json;

use crate::desk::{Desk, Log, draft, here, works};

/// 33 characters, the longest name of the national list of 2023 (亭湖区 has none so
/// long), and three that GBK cannot write, one character of each beyond the BMP.
const LONG: &str = "内蒙古赤峰冶金化工开发区管理委员会巴林右旗产业园管理办公室虚拟社区";
const RARE: [&str; 3] = ["莫𡐓村委会", "輋𣒍村委会", "那𡌶村委会"];

fn names(desk: &Desk, text: &str) -> Vec<String> {
    let found = desk.store.search(text, 100).expect("a search never fails");
    found.into_iter().map(|found| found.record.text("name").unwrap_or_default().to_owned()).collect()
}

fn desk_with(names: &[&str]) -> Desk {
    let mut desk = Desk::new();
    for name in names {
        desk.add("works", &works(name));
    }
    desk.index();
    desk
}

#[test]
fn two_characters_are_found_anywhere_in_a_name_of_thirty_three() {
    let long = "内蒙古赤峰冶金化工开发区管理委员会巴林右旗厕所产业园黑臭办公室社区";
    assert_eq!(long.chars().count(), 33);
    let desk = desk_with(&[LONG, long, "污水处理站"]);
    for word in ["厕所", "黑臭", "旗厕", "厕所产业园黑臭"] {
        assert_eq!(names(&desk, word), [long], "{word}");
    }
    assert_eq!(names(&desk, "内蒙古"), [long, LONG], "newest first");
    assert_eq!(names(&desk, "社区"), [long, LONG], "the last two as well");
    assert_eq!(names(&desk, "所厕"), [] as [&str; 0], "neighbours in their order only");
    assert_eq!(names(&desk, "厕所 污水"), [] as [&str; 0], "every word must be there");
    assert_eq!(names(&desk, "黑臭 厕所"), [long], "in whatever order");
}

#[test]
fn one_character_a_number_or_the_beginning_of_a_word_is_enough() {
    let mut desk = desk_with(&["新建A2O污水站", "768厂社区", "厕"]);
    let draft = {
        let mut draft = crate::desk::creation("works", &works("带编号的工程"));
        let pattern = "GC-2026-A-{n}".to_owned();
        draft.number = Some(store::Numbering { series: "s".to_owned(), pattern });
        draft
    };
    desk.save(draft);
    desk.index();
    assert_eq!(names(&desk, "厕"), ["厕"], "a name of one character");
    assert_eq!(names(&desk, "站"), ["新建A2O污水站"], "the last character of a name");
    assert_eq!(names(&desk, "a2o"), ["新建A2O污水站"], "in small letters");
    assert_eq!(names(&desk, "A2"), ["新建A2O污水站"], "as it is being typed");
    assert_eq!(names(&desk, "新建A2O"), ["新建A2O污水站"]);
    assert_eq!(names(&desk, "76"), ["768厂社区"]);
    for number in ["GC-2026-A-001", "gc-2026", "2026-A", "001"] {
        assert_eq!(names(&desk, number), ["带编号的工程"], "{number}");
    }
}

#[test]
fn characters_that_gbk_cannot_write_are_found() {
    let desk = desk_with(&RARE);
    for name in RARE {
        let chars: Vec<char> = name.chars().collect();
        for pair in chars.windows(2) {
            let pair: String = pair.iter().collect();
            assert!(names(&desk, &pair).iter().any(|found| found == name), "{pair} of {name}");
        }
        let rare: String = chars.iter().filter(|c| !"莫輋那村委会".contains(**c)).collect();
        assert_eq!(names(&desk, &rare), [name], "by its rare character alone");
    }
}

#[test]
fn the_old_words_of_an_edited_record_find_nothing() {
    let mut desk = desk_with(&["厕所改造"]);
    let id = desk.store.search("厕所", 1).expect("a search")[0].record.id;
    desk.set(id, &json!({"name": "黑臭治理"}));
    desk.index();
    assert_eq!(names(&desk, "厕所"), [] as [&str; 0]);
    assert_eq!(names(&desk, "黑臭"), ["黑臭治理"]);
    desk.save(draft(id, "works", vec![Action::Delete]));
    assert_eq!(names(&desk, "黑臭"), [] as [&str; 0], "at once, not only when search has caught up");
    desk.index();
    desk.save(draft(id, "works", vec![Action::Restore]));
    desk.index();
    assert_eq!(names(&desk, "黑臭"), ["黑臭治理"]);
}

#[test]
fn a_discarded_draft_leaves_no_words_to_the_record_that_takes_its_place() {
    let mut desk = desk_with(&["厕所改造"]);
    let change = desk.pending().remove(0);
    let mut log = Log::new();
    log.refuse(&change);
    desk.store.apply(&here(), &log.page(0), 0).expect("applied");
    desk.index();
    assert_eq!(names(&desk, "厕所"), ["厕所改造"], "a draft is found");
    assert!(desk.store.forget_refused(change.id).expect("put away"));
    desk.add("works", &works("黑臭治理")); // Not indexed yet, and in the freed place.
    assert_eq!(names(&desk, "厕所"), [] as [&str; 0], "nobody's words");
}

#[test]
fn a_save_between_two_looks_of_the_index_is_found_as_well() {
    let mut desk = Desk::new();
    for n in 0..25 {
        desk.add("works", &works(&format!("工程{n}号厕所")));
    }
    assert_eq!(desk.store.index_due(10).expect("a batch"), 10, "it works in batches");
    desk.index();
    assert_eq!(desk.store.index_due(10).expect("nothing left"), 0);
    assert_eq!(names(&desk, "厕所").len(), 25);
    assert_eq!(desk.store.search("厕所", 7).expect("a search").len(), 7, "no more than asked for");
}

/// Chinese characters as village names have them, common ones often and rare ones sometimes.
fn han() -> impl Strategy<Value = char> {
    prop_oneof![
        4 => prop::char::range('\u{4e00}', '\u{4e30}'),
        2 => prop::char::range('\u{4e00}', '\u{9fa5}'),
        1 => prop::char::range('\u{3400}', '\u{4db5}'),
        1 => prop::char::range('\u{20000}', '\u{2a6d6}'),
    ]
}

#[test]
fn any_two_characters_and_more_of_any_name_find_it() {
    let desk = RefCell::new(Desk::new());
    let name = prop::collection::vec(han(), 2..34).prop_map(|chars| chars.into_iter().collect::<String>());
    let cases = (name, any::<prop::sample::Index>(), any::<prop::sample::Index>());
    proptest!(ProptestConfig::with_cases(150), |((name, from, length) in cases)| {
        let mut desk = desk.borrow_mut();
        let id = desk.add("works", &works(&name));
        desk.index();
        let chars: Vec<char> = name.chars().collect();
        let from = from.index(chars.len() - 1);
        let length = 2 + length.index(chars.len() - from - 1);
        let part: String = chars[from..from + length].iter().collect();
        let found = desk.store.search(&part, 10_000).expect("a search");
        prop_assert!(found.iter().any(|found| found.record.id == id), "{} of {}", part, name);
        for found in found {
            let name = found.record.text("name").unwrap_or_default().to_owned();
            prop_assert!(name.contains(&part), "{} was found by {}", name, part);
        }
    });
}

#[test]
fn nothing_that_can_be_typed_is_an_error() {
    let desk = RefCell::new(Desk::new());
    let text =
        prop_oneof![".*", "[\"'*^(){}:+\\-., ANDORTE厕所]{0,40}", "(厕所|NEAR|OR|AND|NOT|\"|\\*|\\(|\\)| ){0,20}"];
    proptest!(ProptestConfig::with_cases(300), |(text in text)| {
        let mut desk = desk.borrow_mut();
        desk.add("works", &works(&text));
        desk.index();
        let found = desk.store.search(&text, 10);
        prop_assert!(found.is_ok(), "`{}`: {:?}", text, found.err());
    });
    let pasted = "厕所 A2O、黑臭；".repeat(3_000);
    assert!(desk.borrow().store.search(&pasted, 10).is_ok(), "a whole page pasted into the box");
    assert!(desk.borrow().store.search("\u{0}厕\u{0}", 10).is_ok());
}
