//! What looks alike, and what does not.

use crate::camera::{encoded, number, sample, tiff, with_exif};
use domain::evidence::{Likeness, Limits};
use image::codecs::jpeg::JpegEncoder;
use image::imageops::FilterType;
use image::{DynamicImage, ImageFormat};
use photo::look;

fn likeness(bytes: &[u8]) -> Likeness {
    look(bytes, 64).expect("a picture").likeness.expect("it shows something")
}

fn jpeg(picture: &DynamicImage, quality: u8) -> Vec<u8> {
    let mut out = Vec::new();
    picture.to_rgb8().write_with_encoder(JpegEncoder::new_with_quality(&mut out, quality)).expect("a JPEG");
    out
}

#[test]
fn what_was_sent_on_made_smaller_or_brightened_is_found_again() {
    let limit = Limits::default().alike_bits;
    for name in ["ditch-before.jpg", "ditch-after.jpg", "sewage-during.jpg", "waste-after.jpg"] {
        let bytes = sample(name);
        let (picture, own) = (image::load_from_memory(&bytes).expect("a JPEG"), likeness(&bytes));
        let cut = picture.crop_imm(4, 4, picture.width() - 8, picture.height() - 8);
        for (how, copy) in [
            ("compressed hard", jpeg(&picture, 30)),
            ("as a chat program sends it", jpeg(&picture.resize(720, 720, FilterType::CatmullRom), 60)),
            ("made small", jpeg(&picture.thumbnail(200, 200), 80)),
            ("brighter", jpeg(&picture.brighten(25), 85)),
            ("as PNG", encoded(&picture, ImageFormat::Png)),
            ("cut at the edge", jpeg(&cut, 85)),
            (
                "turned, and its EXIF with it",
                with_exif(&jpeg(&picture.rotate270(), 85), &tiff(&[number(exif::Tag::Orientation, 6)])),
            ),
        ] {
            let distance = own.distance(&likeness(&copy));
            assert!(distance <= limit, "{name} {how}: {distance} bits of {}", Likeness::BITS);
        }
    }
}

#[test]
fn other_pictures_are_other_pictures_even_of_one_spot() {
    let limit = Limits::default().alike_bits;
    let names = [
        "ditch-before.jpg",
        "ditch-during.jpg",
        "ditch-after.jpg",
        "sewage-before.jpg",
        "sewage-during.jpg",
        "sewage-after.jpg",
        "waste-before.jpg",
        "waste-after.jpg",
    ];
    let looks: Vec<_> = names.iter().map(|name| (name, likeness(&sample(name)))).collect();
    for (at, (name, one)) in looks.iter().enumerate() {
        for (other, two) in &looks[at + 1..] {
            let distance = one.distance(two);
            assert!(distance > limit, "{name} and {other}: {distance} bits of {}", Likeness::BITS);
        }
    }
}

#[test]
fn a_picture_that_shows_nothing_is_like_no_other() {
    let black: DynamicImage = image::RgbImage::from_fn(640, 480, |x, _| image::Rgb([u8::from(x % 7 == 0); 3])).into();
    assert_eq!(look(&encoded(&black, ImageFormat::Jpeg), 64).expect("a picture").likeness, None);
}
