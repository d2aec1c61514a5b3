//! QR codes: found in what people send, and nothing ends where the picture is a mess.

use std::io::Cursor;

use image::{DynamicImage, GrayImage, ImageFormat, Luma};
use qrcode::{Color, QrCode};

const TEXT: &str = "NH1-AAAAA-BBBBB-CCCCC-DDDDD-EEEEE-FFFFF-GGGGG-HHHHH";

/// The code in a white room, five pixels a module.
fn drawn() -> GrayImage {
    let code = QrCode::new(TEXT).expect("a QR code");
    let side = u32::try_from(code.width()).expect("a width");
    let colors = code.to_colors();
    GrayImage::from_fn((side + 8) * 5, (side + 8) * 5, |x, y| {
        let dark = (x / 5)
            .checked_sub(4)
            .zip((y / 5).checked_sub(4))
            .is_some_and(|(x, y)| x < side && y < side && colors[(y * side + x) as usize] == Color::Dark);
        Luma([if dark { 0 } else { 255 }])
    })
}

fn png(picture: &GrayImage) -> Vec<u8> {
    let mut bytes = Vec::new();
    DynamicImage::from(picture.clone()).write_to(&mut Cursor::new(&mut bytes), ImageFormat::Png).expect("a PNG");
    bytes
}

#[test]
fn a_code_is_read_also_when_the_picture_was_turned_or_is_grey() {
    let plain = drawn();
    let grey = GrayImage::from_fn(plain.width(), plain.height(), |x, y| {
        let light = u16::from(plain.get_pixel(x, y).0[0]) / 3 + 60 + u16::try_from(x / 8).expect("small");
        Luma([u8::try_from(light.min(255)).expect("a byte")])
    });
    for picture in [&plain, &image::imageops::rotate90(&plain), &image::imageops::rotate180(&plain), &grey] {
        assert_eq!(photo::codes(&png(picture)).expect("a picture"), [TEXT]);
    }
}

#[test]
fn a_scribbled_code_is_read_or_not_and_never_ends_the_program_or_says_something_else() {
    let mut state = 7_u32;
    let mut chance = |below: u32| {
        state = state.wrapping_mul(1_664_525).wrapping_add(1_013_904_223);
        (state >> 8) % below
    };
    let (mut read, mut lost) = (0, 0);
    for round in 0..120 {
        let mut picture = drawn();
        let (width, height) = picture.dimensions();
        for _ in 0..round / 4 {
            let (x, y, w, h, light) = (chance(width), chance(height), chance(60), chance(60), chance(256));
            for (x, y) in (y..(y + h).min(height)).flat_map(|y| (x..(x + w).min(width)).map(move |x| (x, y))) {
                picture.put_pixel(x, y, Luma([u8::try_from(light).expect("a byte")]));
            }
        }
        let texts = photo::codes(&png(&picture)).expect("a picture");
        assert!(texts.iter().all(|text| text == TEXT), "what is read is what was written: {texts:?}");
        if texts.is_empty() { lost += 1 } else { read += 1 }
    }
    assert!(read > 0 && lost > 0, "both happened: {read} read, {lost} lost");
}
