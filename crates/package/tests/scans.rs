//! Scans that are PDFs: bound page by page, or named and left out.

#[path = "sample/mod.rs"]
mod sample;

use std::collections::BTreeMap;
use std::io::Write;

use flate2::Compression;
use flate2::write::ZlibEncoder;
use package::scan::{Scan, Unbound, look};
use package::volume::{Paper, Picture, Volume, compose};

/// A PDF of these objects, the first of which is its catalog.
fn pdf(version: &str, objects: &[Vec<u8>], trailer: &str) -> Vec<u8> {
    let mut out = format!("%PDF-{version}\n").into_bytes();
    let mut places = Vec::new();
    for (number, object) in (1..).zip(objects) {
        places.push(out.len());
        out.extend(format!("{number} 0 obj\n").into_bytes());
        out.extend(object);
        out.extend(b"\nendobj\n");
    }
    let start = out.len();
    let mut end = format!("xref\n0 {}\n0000000000 65535 f \n", objects.len() + 1);
    for place in places {
        end.push_str(&format!("{place:010} 00000 n \n"));
    }
    end.push_str(&format!("trailer<</Size {}/Root 1 0 R{trailer}>>\nstartxref\n{start}\n%%EOF\n", objects.len() + 1));
    out.extend(end.into_bytes());
    out
}

fn stream(dictionary: &str, bytes: &[u8]) -> Vec<u8> {
    let mut out = format!("<<{dictionary}/Length {}>>stream\n", bytes.len()).into_bytes();
    out.extend(bytes);
    out.extend(b"\nendstream");
    out
}

fn folded(bytes: &[u8]) -> Vec<u8> {
    let mut out = ZlibEncoder::new(Vec::new(), Compression::best());
    out.write_all(bytes).and_then(|()| out.finish()).expect("in memory")
}

/// So many zeros, folded without ever being there.
fn zeros(count: u64) -> Vec<u8> {
    let mut out = ZlibEncoder::new(Vec::new(), Compression::best());
    std::io::copy(&mut std::io::Read::take(std::io::repeat(0), count), &mut out).expect("in memory");
    out.finish().expect("in memory")
}

/// An upright page and a wide one, each with a line drawn.
fn two_pages(version: &str, drawing: Vec<u8>, trailer: &str) -> Vec<u8> {
    let page = |size: &str| {
        format!("<</Type/Page/Parent 2 0 R/MediaBox[0 0 {size}]/Contents 5 0 R/Resources<<>>>>").into_bytes()
    };
    let objects = [
        b"<</Type/Catalog/Pages 2 0 R>>".to_vec(),
        b"<</Type/Pages/Kids[3 0 R 4 0 R]/Count 2>>".to_vec(),
        page("595 842"),
        page("842 595"),
        drawing,
    ];
    pdf(version, &objects, trailer)
}

fn good() -> Vec<u8> {
    two_pages("1.7", stream("/Filter/FlateDecode", &folded(b"0 0 m 500 500 l S")), "")
}

/// A volume with one paper that is this scan.
fn bound(scan: &Scan, bytes: &[u8]) -> (Volume, BTreeMap<String, Vec<u8>>) {
    let (mut volume, mut pictures) = sample::volume(1, &[]);
    pictures.insert("scan.pdf".to_owned(), bytes.to_vec());
    let picture = |(page, wide): (u32, &bool)| Picture {
        picture: "scan.pdf".to_owned(),
        words: String::new(),
        page,
        wide: *wide,
    };
    volume.papers = vec![Paper {
        title: "可行性研究报告的批复（样例）".to_owned(),
        pictures: (1..).zip(&scan.wide).map(picture).collect(),
        ..Paper::default()
    }];
    (volume, pictures)
}

#[test]
fn a_scan_is_bound_page_by_page_and_the_same_twice() {
    let bytes = good();
    let scan = look(&bytes).expect("it is a plain PDF");
    assert_eq!(scan.wide, [false, true], "an upright page and a wide one");
    let made = || {
        let (volume, pictures) = bound(&scan, &bytes);
        compose(&volume, pictures).expect("a volume").pdf().expect("a PDF")
    };
    let (mut empty, pictures) = bound(&scan, &bytes);
    empty.papers[0].pictures.clear();
    let without = compose(&empty, pictures).expect("a volume").pages();
    let (one, two) = (made(), made());
    assert_eq!(one.pages, without + 2, "a page of the volume for each page of the scan");
    assert_eq!(one, two, "the same scan gives the same bytes");
}

#[test]
fn what_cannot_be_bound_is_told_apart_and_takes_no_memory() {
    let plain = |text: &[u8]| stream("", text);
    let whole = good();
    let nested = [b"<</A".repeat(5_000), b">>".repeat(5_000)].concat();
    let in_circles = [b"<</Type/Catalog/Pages 2 0 R>>".to_vec(), b"<</Type/Pages/Kids[2 0 R 2 0 R]/Count 2>>".to_vec()];
    let cases: [(&str, Vec<u8>, Unbound); 9] = [
        ("no PDF at all", b"scan".to_vec(), Unbound::Damaged),
        ("broken off", whole[..whole.len() / 3].to_vec(), Unbound::Damaged),
        ("pages in circles", pdf("1.7", &in_circles, ""), Unbound::Damaged),
        ("locked", two_pages("1.7", plain(b""), "/Encrypt<</Filter/Standard>>"), Unbound::Locked),
        ("a PDF 2.0", two_pages("2.0", plain(b""), ""), Unbound::Newer),
        ("nested five thousand deep", two_pages("1.7", nested, ""), Unbound::Damaged),
        (
            "a drawing that unfolds to forty megabytes",
            two_pages("1.7", stream("/Filter/FlateDecode", &zeros(40 << 20)), ""),
            Unbound::TooLarge,
        ),
        (
            "one that is folded twice",
            two_pages("1.7", stream("/Filter[/FlateDecode/FlateDecode]", &folded(&zeros(40 << 20))), ""),
            Unbound::TooLarge,
        ),
        (
            "a drawing that says it is a picture",
            two_pages("1.7", stream("/Subtype/Image/Filter/LZWDecode", &[0; 200_000]), ""),
            Unbound::TooLarge,
        ),
    ];
    for (what, bytes, why) in cases {
        assert_eq!(look(&bytes), Err(why), "{what}");
    }
}
