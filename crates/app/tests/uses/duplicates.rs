//! The same works recorded on two laptops that had not heard of each other:
//! noticed once both have exchanged, joined with nothing lost, and undone.

use app::{Laptop, Reason, RecordId};
use serde_json::{Value, json};

use crate::world::{World, code_of, fields, list, photo, sync, village};

/// The works as one person recorded it, with an entry of progress and a contract.
fn record(laptop: &mut Laptop, name: &str, more: &Value, percent: i64) -> RecordId {
    let mut works = json!({"village": village(laptop).to_string(), "name": name, "category": "sewage"});
    works.as_object_mut().expect("an object").extend(more.as_object().expect("an object").clone());
    let works = laptop.add("works", fields(works)).expect("saved").id;
    let progress = json!({"works": works.to_string(), "date": "2026-05-01", "percent": percent});
    laptop.add("progress", fields(progress)).expect("saved");
    let contract = json!({"works": works.to_string(), "name": "施工合同", "sort": "construction"});
    laptop.add("contract", fields(contract)).expect("saved");
    works
}

/// Two laptops with one works each; both know both.
fn two_laptops(world: &World) -> (Laptop, Laptop, RecordId, RecordId) {
    let (mut first, mut second) = (world.laptop("王芳"), world.laptop("李雷"));
    let more = json!({"planned_start": "2026-03-01", "planned_end": "2026-08-31", "households": 120});
    let one = record(&mut first, "中东村生活污水管网工程", &more, 30);
    let more = json!({"planned_start": "2026-04-01", "households": 118, "content": "铺设管网 3.2 公里",
        "contract_number": "盐环合〔2026〕7号", "contract_amount": 12_500_000});
    let two = record(&mut second, "中东村生活污水管网建设工程", &more, 45);
    second.attach_paths(two, None, &[&photo("ditch-before.jpg")]).expect("attached");
    for laptop in [&mut first, &mut second] {
        sync(laptop);
    }
    sync(&mut first);
    (first, second, one, two)
}

fn of_works(laptop: &Laptop, kind: &str, works: RecordId) -> usize {
    let filters = [("works".to_owned(), works.to_string())].into();
    let query = app::types::Query { kind: kind.to_owned(), filters, ..Default::default() };
    usize::try_from(laptop.list(&query).expect("a list").total).expect("a few")
}

#[test]
fn the_same_works_of_two_laptops_is_offered_joined_with_nothing_lost_and_undone() {
    let world = World::new();
    let (mut first, mut second, one, two) = two_laptops(&world);
    let found = first.duplicates().expect("a search");
    assert_eq!(found.len(), 1, "one pair: {found:?}");
    assert!(found[0].score >= 50 && found[0].reasons.contains(&Reason::SameCategory), "{found:?}");
    assert_eq!((found[0].one.by.as_str(), found[0].other.by.as_str()), ("王芳", "李雷"), "who to ask");

    let joined = first.join(one, two).expect("joined");
    for taken in ["content", "contract_amount", "contract_number", "photos"] {
        assert!(joined.taken_over.iter().any(|name| name == taken), "{taken} was empty: {:?}", joined.taken_over);
    }
    assert_eq!(joined.differing, ["name", "households", "planned_start"], "the kept one's word stands");
    assert_eq!(joined.kept.fields["contract_amount"], json!(12_500_000));
    assert_eq!(joined.kept.fields["households"], json!(120));
    let said = first.show(joined.joining).expect("the record of it").fields["differences"].to_string();
    for word in ["中东村生活污水管网建设工程", "118 户", "2026-04-01"] {
        assert!(said.contains(word), "what the other said is kept: {said}");
    }

    sync(&mut first);
    sync(&mut second);
    for laptop in [&first, &second] {
        let works: Vec<RecordId> = list(laptop, "works").iter().map(|works| works.id).collect();
        assert_eq!(works, [one], "one works in the list");
        assert_eq!((of_works(laptop, "progress", one), of_works(laptop, "contract", one)), (2, 2), "with all entries");
        assert!(laptop.duplicates().expect("a search").is_empty(), "and it is offered no more");
        assert!(laptop.show(two).is_ok(), "the other is still there to be looked at");
    }
    let district = world.district().district();
    let there = district.list("works", None, 0).expect("a list");
    assert_eq!((there.total, there.records.len()), (1, 1), "and at the district as well");
    let number = second.show(two).expect("there").fields["number"].as_str().expect("a number").to_owned();
    let entry = json!({"works": number, "date": "2026-06-01", "percent": 60});
    second.add("progress", fields(entry)).expect("by the number that is on the other's papers");
    assert_eq!(of_works(&second, "progress", one), 3, "it goes to the kept one");

    second.set(one, fields(json!({"content": "铺设管网 3.6 公里"}))).expect("edited since");
    let alone = second.unjoin(two).expect("undone");
    assert_eq!(alone.fields.get("joined_into").filter(|value| !value.is_null()), None);
    sync(&mut second);
    sync(&mut first);
    assert_eq!(world.district().district().list("works", Some(1), 1).expect("a list").total, 2, "two again");
    for laptop in [&first, &second] {
        assert_eq!(list(laptop, "works").len(), 2, "two again");
        assert_eq!(of_works(laptop, "contract", two), 1, "each with its own");
        let kept = laptop.show(one).expect("there").fields;
        assert_eq!(kept.get("contract_amount").filter(|value| !value.is_null()), None, "given back");
        assert_eq!(kept["content"], json!("铺设管网 3.6 公里"), "what somebody has edited since stays");
        assert_eq!(kept.get("photos").and_then(Value::as_array).map_or(0, Vec::len), 0);
    }
    assert_eq!(first.duplicates().expect("a search").len(), 1, "and offered again");
}

#[test]
fn a_pair_that_a_person_called_two_is_not_offered_again_on_any_laptop() {
    let world = World::new();
    let (mut first, mut second, one, two) = two_laptops(&world);
    first.distinct(one, two).expect("noted");
    sync(&mut first);
    sync(&mut second);
    for laptop in [&first, &second] {
        assert!(laptop.duplicates().expect("a search").is_empty());
        assert_eq!(list(laptop, "works").len(), 2);
    }
}

#[test]
fn two_laptops_that_join_the_two_ways_round_end_with_the_same_one() {
    let world = World::new();
    let (mut first, mut second, one, two) = two_laptops(&world);
    first.join(one, two).expect("joined here");
    second.join(two, one).expect("and there, before either has heard of the other");
    for _ in 0..2 {
        sync(&mut first);
        sync(&mut second);
    }
    for laptop in [&first, &second] {
        let works: Vec<RecordId> = list(laptop, "works").iter().map(|works| works.id).collect();
        assert_eq!(works, [one], "the one with the smaller id, on both");
        assert_eq!(of_works(laptop, "progress", one), 2, "and nothing has gone missing");
    }
}

#[test]
fn what_cannot_be_one_is_refused_and_nothing_is_changed() {
    let world = World::new();
    let (mut first, mut reader, one, two) = {
        let (first, _, one, two) = two_laptops(&world);
        (first, world.laptop_of("读", crate::world::YANDONG, "reader"), one, two)
    };
    assert_eq!(code_of(first.join(one, one)), "notOneWorks");
    assert_eq!(code_of(first.unjoin(two)), "notJoined");
    assert_eq!(code_of(reader.join(one, two)), "notAllowed");
    first.join(one, two).expect("joined");
    assert_eq!(code_of(first.join(one, two)), "joinedAlready");
    assert_eq!(list(&first, "joining").len(), 1, "and nothing was saved by halves");
}
