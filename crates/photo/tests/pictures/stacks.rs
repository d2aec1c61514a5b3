//! Stacks of paper in one file, as copiers scan them.

use image::RgbImage;
use photo::{Page, PhotoError, pages};

/// Three pages by libtiff: black and white (group 4), colours (JPEG), greys (LZW). Each has
/// a black block at the upper left; the second, lying, has a red seal at the lower right.
const STACK: &[u8] = include_bytes!("copier.tif");

fn seen(page: &Page) -> RgbImage {
    image::load_from_memory(&page.jpeg).expect("a JPEG").to_rgb8()
}

#[test]
fn each_page_of_a_stack_is_there_in_its_colours_and_its_way_round() {
    let stack = pages(STACK, 240).expect("read");
    assert_eq!(stack.iter().map(|page| page.wide).collect::<Vec<_>>(), [false, true, false]);
    for page in &stack {
        let picture = seen(page);
        assert_eq!(picture.width().max(picture.height()), 240, "made small");
        let at = |x: u32, y: u32| picture.get_pixel(x * picture.width() / 1_000, y * picture.height() / 1_000).0;
        let upright = if page.wide { (190, 330) } else { (270, 235) };
        assert!(at(upright.0, upright.1).iter().all(|light| *light < 60), "the block is black");
        assert!(at(900, 120).iter().all(|light| *light > 200), "the paper is white, and not the ink");
    }
    let sealed = seen(&stack[1]);
    let [red, green, blue] = sealed.get_pixel(sealed.width() * 3 / 4, sealed.height() * 7 / 10).0;
    assert!(red > 150 && green < 90 && blue < 90, "the seal is red: {red} {green} {blue}");
}

#[test]
fn what_is_no_whole_stack_is_refused_and_nothing_panics() {
    assert_eq!(pages(b"II", 240), Err(PhotoError::NotAPicture));
    for length in (8..STACK.len()).step_by(1_171) {
        let cut = pages(&STACK[..length], 240);
        assert!(cut.is_err(), "a stack that was cut at {length} is not taken for a whole one");
    }
    for at in (0..STACK.len()).step_by(89) {
        let mut bent = STACK.to_vec();
        bent[at] ^= 0x55;
        let _ = pages(&bent, 64); // Some bytes are pixels, and some are sizes.
    }
}
