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
