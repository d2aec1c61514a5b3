//! Which files are to be sent and which to be fetched.

use domain::record::Attachment;
use serde_json::json;
use uuid::Uuid;

use crate::desk::{Desk, Log, edit, here};

fn file(letter: char, bytes: u64) -> Attachment {
    Attachment { sha256: letter.to_string().repeat(64), name: format!("IMG_{letter}.jpg"), bytes }
}

fn names(rows: &[store::AttachmentRow]) -> Vec<&str> {
    rows.iter().map(|row| row.file.name.as_str()).collect()
}

#[test]
fn files_here_are_due_until_the_district_holds_them_smallest_first() {
    let desk = Desk::new();
    for (letter, bytes) in [('a', 300), ('b', 100), ('c', 200)] {
        desk.store.attachment_is_here(&file(letter, bytes), Some("2026-03-01 08:00:00")).expect("noted");
    }
    let due = desk.store.attachments_to_send().expect("a list");
    assert_eq!(names(&due), ["IMG_b.jpg", "IMG_c.jpg", "IMG_a.jpg"], "what is quick to send goes first");
    assert_eq!(due[0].taken.as_deref(), Some("2026-03-01 08:00:00"));

    desk.store.attachment_is_at_district(&file('b', 100).sha256).expect("noted");
    desk.store.attachment_is_here(&file('b', 100), None).expect("the same photo once more");
    assert_eq!(names(&desk.store.attachments_to_send().expect("a list")), ["IMG_c.jpg", "IMG_a.jpg"]);
    let held = desk.store.attachment(&file('b', 100).sha256).expect("a read").expect("known");
    assert!(held.district && held.taken.is_some(), "a second sight forgets nothing");
}

#[test]
fn files_that_the_log_names_are_fetched_once() {
    let mut desk = Desk::new();
    let mut log = Log::new();
    let id = domain::RecordId(Uuid::now_v7());
    let (far, near) = (file('d', 50), file('e', 40));
    desk.store.attachment_is_here(&near, None).expect("it is on this laptop");
    let photos = json!({"name": "一号", "photos": [far, near]});
    let mut actions = vec![domain::Action::Create { state: Some("planned".to_owned()) }];
    actions.extend(edit("works", &domain::Fields::new(), &photos));
    log.other(id, "works", actions);
    desk.store.apply(&here(), &log.page(0), 0).expect("applied");
    assert_eq!(names(&desk.store.attachments_to_fetch().expect("a list")), ["IMG_d.jpg"], "the other is here");
    desk.store.attachment_is_here(&far, None).expect("it came");
    assert!(desk.store.attachments_to_fetch().expect("a list").is_empty());
}

#[test]
fn a_file_that_nothing_names_is_not_due_and_in_the_end_let_go() {
    let mut desk = Desk::new();
    let (shown, refused, typed, lost) = (file('a', 1), file('b', 2), file('c', 3), file('d', 4));
    let all = [&shown, &refused, &typed, &lost];
    for file in all {
        desk.store.attachment_is_here(file, None).expect("noted");
    }
    let mut log = Log::new();
    let id = desk.add("works", &json!({"name": "一号", "photos": [shown]}));
    let of_refused = desk.add("works", &json!({"name": "二号", "photos": [refused]}));
    for change in desk.pending() {
        if change.record == of_refused { drop(log.refuse(&change)) } else { drop(log.order(&change)) }
    }
    desk.store.apply(&here(), &log.page(0), 0).expect("applied");
    assert_eq!(desk.store.refused().expect("drafts").len(), 1);
    desk.store
        .keep_draft("works/new", "2026-03-01T08:00:00+08:00", &json!({"photos": [typed]}).to_string())
        .expect("kept");

    let unknown: Vec<String> = all.iter().map(|file| file.sha256.clone()).collect();
    desk.store.attachments_unknown(&unknown, "2026-03-01T08:00:00+08:00").expect("noted");
    let due = desk.store.attachments_to_send().expect("a list");
    assert_eq!(names(&due), ["IMG_a.jpg", "IMG_b.jpg", "IMG_c.jpg"], "a record, a refused change, a form name them");

    let since = |limit: &'static str| move |at: &str| at < limit;
    let collected = |desk: &Desk, limit| desk.store.attachments_to_collect(&since(limit)).expect("a list");
    assert!(collected(&desk, "2026-02-28").is_empty(), "its time is not over");
    assert_eq!(names(&collected(&desk, "2026-04-01")), ["IMG_d.jpg"]);
    desk.set(id, &json!({"photos": [shown, lost]}));
    assert_eq!(desk.store.attachments_to_send().expect("a list").len(), 4, "named again, due again");
    assert!(collected(&desk, "2026-04-01").is_empty());

    desk.store.drop_draft("works/new").expect("dropped");
    desk.store.attachments_unknown(&unknown, "2026-03-01T08:00:00+08:00").expect("noted");
    assert_eq!(names(&collected(&desk, "2026-04-01")), ["IMG_c.jpg"], "given up with its form");
    desk.store.forget_attachment(&typed.sha256).expect("forgotten");
    assert_eq!(desk.store.attachment(&typed.sha256).expect("a read"), None);
}

#[test]
fn what_a_restored_district_may_have_lost_is_due_again() {
    let desk = Desk::new();
    desk.store.attachment_is_here(&file('a', 1), None).expect("noted");
    desk.store.attachment_is_at_district(&file('a', 1).sha256).expect("noted");
    assert!(desk.store.attachments_to_send().expect("a list").is_empty());
    desk.store.attachments_in_doubt().expect("noted");
    assert_eq!(names(&desk.store.attachments_to_send().expect("a list")), ["IMG_a.jpg"]);
}
