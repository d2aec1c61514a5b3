//! Images: a store that begins as another one stood, and goes its own way.

use domain::Catalog;
use serde_json::json;
use store::{Error, Store, SyncState};

use crate::desk::{Desk, creation, works};

#[test]
fn an_image_holds_what_the_store_held_and_goes_its_own_way() {
    let mut desk = Desk::new();
    let id = desk.add("works", &works("厕所改造"));
    let image = desk.store.image().expect("an image");
    desk.set(id, &json!({"note": "之后"}));

    let mut other = Store::from_image(&image, Catalog::shipped()).expect("it opens without a key");
    let row = other.record(id).expect("a read").expect("there");
    assert_eq!((row.sync, row.record.text("note")), (SyncState::Saved, None), "as it stood at that moment");
    for n in 0..200 {
        let row = other.save(creation("works", &works(&format!("第{n}号"))), |_, _| Ok(())).expect("it grows");
        assert_eq!(row.sync, SyncState::Saved);
    }
    assert_eq!(other.search("厕所", 20).expect("a search").len(), 0, "what was not indexed is not yet");
    other.index_all().expect("indexed");
    assert_eq!(other.search("厕所", 20).expect("a search").len(), 1);
    assert_eq!(desk.pending().len(), 2, "the first one hears nothing of it");

    let again = Store::from_image(&other.image().expect("an image of an image"), Catalog::shipped()).expect("opens");
    assert_eq!(again.to_send(1_000).expect("the outbox"), other.to_send(1_000).expect("the outbox"));
}

#[test]
fn bytes_that_are_no_image_are_refused() {
    let text = "这不是数据库。".repeat(1_000);
    for bytes in [b"".as_slice(), b"short", text.as_bytes()] {
        assert!(Store::from_image(bytes, Catalog::shipped()).is_err(), "{} bytes", bytes.len());
    }
    let mut cut = Desk::new().store.image().expect("an image");
    cut.truncate(cut.len() / 2);
    assert!(!matches!(Store::from_image(&cut, Catalog::shipped()), Err(Error::Newer { .. })), "half of one");
}
