//! A works that was recorded twice: joined, it is one in every list, and all that
//! refers to either is found under it; undone, they are two again.

use domain::catalog::Kind;
use domain::{Action, Catalog, RecordId, Value};
use serde_json::json;
use store::{Filter, ListQuery};

use crate::desk::{Desk, draft, works};

fn kind(name: &str) -> Kind {
    Catalog::shipped().kind(name).expect("it ships").clone()
}

fn listed(desk: &Desk, kind: &Kind, filter: Option<(&str, Value)>) -> Vec<RecordId> {
    let filters: Vec<Filter> = filter.into_iter().map(|(name, value)| Filter::Field(name.to_owned(), value)).collect();
    let query = ListQuery { kind, filters, sort: None, limit: 100, offset: 0 };
    let (total, rows) = desk.store.list(&query).expect("a list");
    assert_eq!(total, rows.len() as u64, "the length is that of the list");
    rows.into_iter().map(|row| row.record.id).collect()
}

fn join(desk: &mut Desk, other: RecordId, into: Option<RecordId>) {
    let value = into.map_or(Value::Null, |into| into.to_string().into());
    desk.set(other, &json!({"joined_into": value}));
    desk.index();
}

fn progress(desk: &mut Desk, works: RecordId, percent: i64) -> RecordId {
    let fields = json!({"works": works.to_string(), "date": "2026-05-01", "percent": percent});
    desk.add("progress", &fields)
}

#[test]
fn what_refers_to_either_is_found_under_the_one_that_stays() {
    let mut desk = Desk::new();
    let (kept, other) = (desk.add("works", &works("中东村污水管网")), desk.add("works", &works("中东村管网")));
    let (one, two) = (progress(&mut desk, kept, 10), progress(&mut desk, other, 20));
    let application = json!({"name": "申报", "year": 2026, "works": [other.to_string()]});
    let application = desk.add("application", &application);
    desk.index();
    join(&mut desk, other, Some(kept));

    let (works_kind, progress_kind, application_kind) = (kind("works"), kind("progress"), kind("application"));
    assert_eq!(listed(&desk, &works_kind, None), [kept], "one works, and a list as long");
    for asked in [kept, other] {
        let of = Some(("works", asked.to_string().into()));
        assert_eq!(listed(&desk, &progress_kind, of), [two, one], "the entries of both, by either's id");
    }
    assert_eq!(listed(&desk, &application_kind, Some(("works", kept.to_string().into()))), [application], "sets too");
    assert_eq!(desk.store.root(other).expect("a read"), kept);
    assert_eq!(desk.store.joined_into(kept).expect("a read"), [other]);
    let late = progress(&mut desk, other, 30);
    desk.index();
    let of = || Some(("works", kept.to_string().into()));
    assert_eq!(listed(&desk, &progress_kind, of()), [late, two, one], "from a laptop that has not heard of it yet");

    join(&mut desk, other, None);
    assert_eq!(listed(&desk, &works_kind, None), [other, kept], "two again");
    assert_eq!(listed(&desk, &progress_kind, of()), [one], "each with its own");
    assert_eq!(listed(&desk, &progress_kind, Some(("works", other.to_string().into()))), [late, two]);
}

#[test]
fn chains_circles_and_a_deleted_one_lose_nothing() {
    let mut desk = Desk::new();
    let all: Vec<RecordId> = ["甲", "乙", "丙"].iter().map(|name| desk.add("works", &works(name))).collect();
    let entry = progress(&mut desk, all[0], 10);
    desk.index();
    let (works_kind, progress_kind) = (kind("works"), kind("progress"));
    join(&mut desk, all[0], Some(all[1]));
    join(&mut desk, all[1], Some(all[2]));
    assert_eq!(listed(&desk, &works_kind, None), [all[2]], "the end of the chain");
    assert_eq!(listed(&desk, &progress_kind, Some(("works", all[2].to_string().into()))), [entry]);

    // Another laptop joined the last into the first.
    join(&mut desk, all[2], Some(all[0]));
    assert_eq!(listed(&desk, &works_kind, None), [all[0]], "of a circle one stays, the same everywhere");
    assert_eq!(listed(&desk, &progress_kind, Some(("works", all[2].to_string().into()))), [entry]);

    join(&mut desk, all[2], None);
    desk.save(draft(all[2], "works", vec![Action::Delete]));
    desk.index();
    assert_eq!(listed(&desk, &works_kind, None), [all[1]], "what led to one that was deleted ends before it");
    assert_eq!(listed(&desk, &progress_kind, Some(("works", all[1].to_string().into()))), [entry]);
}
