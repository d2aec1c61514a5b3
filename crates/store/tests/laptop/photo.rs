//! What is known of pictures, and who uses them.

use domain::evidence::{Facts, Likeness};
use domain::record::Attachment;
use serde_json::{Value, json};

use crate::desk::{Desk, works};

fn file(letter: char) -> Attachment {
    Attachment { sha256: letter.to_string().repeat(64), name: format!("IMG_{letter}.jpg"), bytes: 9 }
}

fn item(letter: char) -> Value {
    serde_json::to_value(file(letter)).expect("JSON")
}

fn facts(taken: &str) -> Facts {
    Facts { format: "jpeg".to_owned(), exif: true, orientation: 1, taken: Some(taken.to_owned()), ..Facts::default() }
}

/// The records that use a picture, by their names.
fn users(desk: &Desk, letter: char) -> Vec<String> {
    let uses = desk.store.photo_uses(&file(letter).sha256).expect("a read");
    uses.iter().map(|used| desk.store.title(used.record).expect("a read").expect("there")).collect()
}

#[test]
fn who_uses_a_picture_follows_every_save() {
    let mut desk = Desk::new();
    let with = |name: &str, letters: &[char]| {
        let mut fields = works(name);
        fields["photos"] = letters.iter().map(|letter| item(*letter)).collect();
        fields
    };
    let one = desk.add("works", &with("清淤", &['a', 'b']));
    desk.add("works", &with("管网", &['b']));
    assert_eq!(
        (users(&desk, 'a'), users(&desk, 'b')),
        (vec!["清淤".to_owned()], vec!["清淤".to_owned(), "管网".to_owned()])
    );
    desk.set(one, &json!({"photos": [item('b'), item('c')], "contract_files": [item('d')]}));
    assert!(users(&desk, 'a').is_empty(), "taken away");
    assert_eq!(users(&desk, 'c'), ["清淤"], "and put there");
    assert!(users(&desk, 'd').is_empty(), "a scan of a contract shows no place");
    let pictures = desk.store.all_photo_uses().expect("a read");
    assert_eq!(
        pictures.iter().map(|used| used.sha256.as_str()).collect::<Vec<_>>(),
        [file('b').sha256, file('b').sha256, file('c').sha256]
    );
}

#[test]
fn a_picture_is_looked_at_once_and_again_by_a_later_reader() {
    let mut desk = Desk::new();
    let mut fields = works("清淤");
    fields["photos"] = json!([item('a'), item('b')]);
    desk.add("works", &fields);
    let due = |desk: &Desk, reader| {
        let due = desk.store.photos_due(reader, 10).expect("a read");
        due.into_iter().map(|file| file.name).collect::<Vec<_>>()
    };
    assert!(due(&desk, 1).is_empty(), "whose bytes are not here cannot be looked at");
    let files = [(file('a'), Some(facts("2026-05-03T09:12:33"))), (file('b'), None), (file('z'), None)];
    desk.store.attachments_are_here(&files, 1).expect("noted");
    let taken = desk.store.attachment(&file('a').sha256).expect("a read").expect("known").taken;
    assert_eq!(taken.as_deref(), Some("2026-05-03 09:12:33"), "the grid shows when");
    assert_eq!(
        due(&desk, 1),
        ["IMG_a.jpg", "IMG_b.jpg"],
        "its facts are known and not its looks; nobody uses the third"
    );

    let look = Likeness([1, 2, 3, u64::MAX]);
    desk.store.photo_looked(&file('a').sha256, &facts("2026-05-03T09:12:33"), Some(look), 1).expect("noted");
    desk.store.photo_looked(&file('b').sha256, &Facts::default(), None, 1).expect("it is none that can be decoded");
    assert!(due(&desk, 1).is_empty(), "also what could not be decoded is not tried again");
    let known = desk.store.photo(&file('a').sha256).expect("a read").expect("known");
    assert_eq!((known.likeness, known.looked), (Some(look), true));
    let (places, looks) = desk.store.likenesses().expect("a read");
    assert_eq!(looks, [look]);
    assert_eq!(desk.store.photo_at(places[0]).expect("a read"), file('a').sha256);

    assert_eq!(due(&desk, 2), ["IMG_a.jpg", "IMG_b.jpg"], "a later reader may see more");
    desk.store.attachments_are_here(&[(file('a'), Some(facts("2026-05-04T09:12:33")))], 2).expect("noted");
    let known = desk.store.photo(&file('a').sha256).expect("a read").expect("known");
    assert_eq!((known.facts.taken.as_deref(), known.looked), (Some("2026-05-04T09:12:33"), false));

    desk.store.forget_attachment(&file('a').sha256).expect("forgotten");
    assert_eq!(desk.store.photo(&file('a').sha256).expect("a read"), None, "what is gone is like nothing");
    assert!(desk.store.likenesses().expect("a read").1.is_empty());
}
