//! A PIN that is wrong, changed and forgotten; and a code that comes as a picture.

use std::io::Cursor;

use app::{Laptop, code_in_picture, set_forgotten_pin, set_pin};
use image::{DynamicImage, GrayImage, ImageFormat, Luma};
use qrcode::{Color, QrCode};

use crate::world::{PIN, World, YANDONG, code_of, enrolment};

#[test]
fn who_guesses_waits_and_the_recovery_key_opens_at_once_and_sets_another_pin() {
    let world = World::new();
    let folder = world.path("甲");
    let (laptop, enrolled) = app::enrol(&folder, &enrolment(&world.code(YANDONG, "clerk"), "王芳")).expect("enrolled");
    drop(laptop);
    for _ in 0..5 {
        assert_eq!(code_of(Laptop::open(&folder, "0000")), "wrongPin");
    }
    assert_eq!(code_of(Laptop::open(&folder, "0000")), "pinTooSoon");
    assert_eq!(
        code_of(Laptop::open(&folder, PIN)),
        "pinTooSoon",
        "the right one waits as well, or waiting were a hint"
    );
    let mistyped = "A".repeat(32);
    assert_eq!(code_of(set_pin(&folder, &mistyped, PIN)), "wrongRecoveryKey", "it is not the PIN that was wrong");
    assert_eq!(
        code_of(set_forgotten_pin(&folder, "ABCD-EFGH", PIN)),
        "wrongRecoveryKey",
        "a key cut short is no PIN: it waits for nothing and says what was wrong"
    );
    let key = enrolled.recovery_key.to_lowercase().replace('-', " ");
    assert_eq!(code_of(set_pin(&folder, &key, "13")), "pinTooShort");
    drop(set_forgotten_pin(&folder, &key, "97531").expect("the recovery key opens without waiting"));
    assert_eq!(code_of(Laptop::open(&folder, PIN)), "wrongPin", "the old PIN is no more");
    drop(Laptop::open(&folder, "97531").expect("the new one opens, and the count began anew"));
    drop(set_pin(&folder, "97531", PIN).expect("who knows it changes it"));
    Laptop::open(&folder, &enrolled.recovery_key).expect("and the recovery key is what it was");
}

/// A screenshot of the code: each module so many pixels wide, in a grey room.
fn screenshot(text: &str, wide: u32) -> Vec<u8> {
    let code = QrCode::new(text).expect("a QR code");
    let side = u32::try_from(code.width()).expect("a width");
    let colors = code.to_colors();
    let module = |x: u32, y: u32| {
        let (x, y) = ((x / wide).checked_sub(6)?, (y / wide).checked_sub(6)?);
        (x < side && y < side).then(|| colors[(y * side + x) as usize])
    };
    let picture = GrayImage::from_fn((side + 12) * wide, (side + 12) * wide, |x, y| {
        Luma([if module(x, y) == Some(Color::Dark) { 30 } else { 235 }])
    });
    let mut bytes = Vec::new();
    DynamicImage::from(picture).write_to(&mut Cursor::new(&mut bytes), ImageFormat::Png).expect("a PNG");
    bytes
}

#[test]
fn a_code_comes_out_of_its_picture_and_nothing_else_does() {
    let world = World::new();
    let code = world.code(YANDONG, "clerk");
    for wide in [3, 9] {
        assert_eq!(code_in_picture("码.png", &screenshot(&code, wide)).expect("read"), code, "{wide} pixels a module");
    }
    assert_eq!(code_of(code_in_picture("码.png", &screenshot("https://example.com", 5))), "noCodeInPicture");
    assert_eq!(code_of(code_in_picture("码.png", b"no picture at all")), "notAPicture");
    let mut broken = screenshot(&code, 5);
    broken.truncate(broken.len() / 2);
    assert_eq!(code_of(code_in_picture("码.png", &broken)), "pictureDamaged");
}
