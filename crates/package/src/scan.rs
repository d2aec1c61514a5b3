//! Scans that are PDFs: which ones can be bound into a volume, page by page.
//!
//! A scan may come from any machine and any program, and the library that binds it
//! believes what it says. So it is looked at first: what its streams unfold to is
//! measured before anything is unfolded into memory, how deep it is nested before
//! anything follows it down, and then it is bound once by itself, on a thread of
//! its own. What fails is named and left out; the volume goes on without it.

use std::collections::BTreeMap;
use std::io::Read;
use std::thread;

use flate2::read::{DeflateDecoder, ZlibDecoder};
use hayro_syntax::object::dict::keys::{CONTENTS, SUBTYPE};
use hayro_syntax::object::{Array, Stream};
use hayro_syntax::{LoadPdfError, Pdf, PdfVersion};
use serde_json::json;

use crate::fonts::Fonts;
use crate::press::Sheet;

/// The longest scan that is looked into, in bytes: a study of two hundred pages.
pub const LARGEST: u64 = 64 << 20;

/// What one stream may unfold to: a page of A3 in colour, 600 dots an inch.
const UNFOLDED: u64 = 256 << 20;

/// What all streams of a scan may unfold to, one after the other.
const ALL_UNFOLDED: u64 = 2 << 30;

/// What the drawing of one page may unfold to.
const DRAWING: u64 = 32 << 20;

/// How deep arrays and dictionaries may lie in each other; real ones stay below
/// twenty, but a bracket in a title counts as one that is never closed.
const DEEPEST: usize = 500;

/// What the thread that looks has to go down with.
const STACK: usize = 16 << 20;

/// The most pages of one scan.
const MOST_PAGES: usize = 2_000;

/// What decoders other than deflate make of a byte at most: LZW's longest word.
const LONGEST_WORD: u64 = 2_800;

/// A scan that can be bound.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Scan {
    /// For each page, whether it is wider than high.
    pub wide: Vec<bool>,
}

/// Why a scan cannot be bound.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Unbound {
    /// It is encrypted, be it only against copying.
    Locked,
    /// It is no PDF, or not a whole one.
    Damaged,
    /// It is a PDF 2.0, and the volume is a PDF 1.7.
    Newer,
    /// It is too long, has too many pages, or unfolds to too much.
    TooLarge,
}

/// Looks at a scan; the same bytes always give the same answer.
///
/// # Errors
/// [`Unbound`], which says why it is left out.
pub fn look(bytes: &[u8]) -> Result<Scan, Unbound> {
    if bytes.len() as u64 > LARGEST {
        return Err(Unbound::TooLarge);
    }
    // What is encrypted cannot be measured.
    if find(bytes, b"/Encrypt").is_some() {
        return Err(Unbound::Locked);
    }
    modest(bytes)?;
    // On its own thread, so that whatever goes wrong inside is an answer, and with a
    // stack of its own.
    thread::scope(|scope| {
        let looked = thread::Builder::new().stack_size(STACK).spawn_scoped(scope, || bind(bytes));
        looked.map_err(|_| Unbound::TooLarge)?.join().unwrap_or(Err(Unbound::Damaged))
    })
}

/// Opens the scan, measures its pages and binds them into a document of their own.
fn bind(bytes: &[u8]) -> Result<Scan, Unbound> {
    let pdf = Pdf::new(bytes.to_vec()).map_err(|error| match error {
        LoadPdfError::Decryption(_) => Unbound::Locked,
        LoadPdfError::Invalid => Unbound::Damaged,
    })?;
    if pdf.version() == PdfVersion::Pdf20 {
        return Err(Unbound::Newer);
    }
    let pages = pdf.pages();
    if pages.len() > MOST_PAGES {
        return Err(Unbound::TooLarge);
    }
    let mut wide = Vec::with_capacity(pages.len());
    for page in pages.iter() {
        let one = page.raw().get::<Stream<'_>>(CONTENTS);
        let many = page.raw().get::<Array<'_>>(CONTENTS);
        let mut drawing = 0;
        for stream in one.into_iter().chain(many.iter().flat_map(Array::iter::<Stream<'_>>)) {
            drawing += unfolded(&stream.raw_data(), DRAWING);
            // One that says it is a picture was not measured as what it is.
            if drawing > DRAWING || stream.filters().len() > 2 || stream.dict().contains_key(SUBTYPE) {
                return Err(Unbound::TooLarge);
            }
        }
        let (width, height) = page.render_dimensions();
        if !(width.is_finite() && height.is_finite() && width >= 1.0 && height >= 1.0) {
            return Err(Unbound::Damaged);
        }
        wide.push(width > height);
    }
    if wide.is_empty() {
        return Err(Unbound::Damaged);
    }
    drop(pdf);
    let trial = Sheet {
        templates: &[("main.typ", TRIAL)],
        data: json!({"pages": wide.len()}),
        pictures: BTreeMap::from([("scan.pdf".to_owned(), bytes.to_vec())]),
        ident: String::new(),
        date: None,
        odd_letters: true,
    };
    trial.set(Fonts::none()).and_then(|composed| composed.pdf()).map_err(|_| Unbound::Damaged)?;
    Ok(Scan { wide })
}

/// Every page of the scan on a page, without a letter beside it.
const TRIAL: &str = r#"
#set page(width: 100pt, height: 100pt, margin: 0pt)
#for n in range(json("data.json").pages) { page(image("scan.pdf", page: n + 1, width: 100%, height: 100%, fit: "contain")) }
"#;

/// Whether opening the scan takes no more memory and no deeper stack than is there.
fn modest(bytes: &[u8]) -> Result<(), Unbound> {
    let (mut all, mut from) = (0, 0);
    while let Some(found) = find(&bytes[from..], b"stream") {
        let keyword = from + found;
        let head = &bytes[from..keyword];
        if depth(head) > DEEPEST {
            return Err(Unbound::Damaged);
        }
        let mut start = keyword + b"stream".len();
        from = start;
        start += bytes[start..].iter().take(2).take_while(|byte| matches!(byte, b'\r' | b'\n')).count();
        if head.ends_with(b"end") || start == from {
            continue;
        }
        let body = &bytes[start..];
        let length = find(body, b"endstream").unwrap_or(body.len());
        let said = &head[head.len().saturating_sub(4_096)..];
        let others = [b"LZW".as_slice(), b"RunLength", b"/RL"].iter().any(|name| find(said, name).is_some());
        // A picture stays folded while it is bound.
        if others && find(said, b"/Image").is_none() && length as u64 * LONGEST_WORD > UNFOLDED {
            return Err(Unbound::TooLarge);
        }
        let one = unfolded(&body[..length], UNFOLDED);
        all += one;
        if one > UNFOLDED || all > ALL_UNFOLDED {
            return Err(Unbound::TooLarge);
        }
        let objects = find(said, b"ObjStm").is_some();
        if objects && inside(&body[..length]).is_some_and(|text| depth(&text) > DEEPEST) {
            return Err(Unbound::Damaged);
        }
        from = start + length;
    }
    if depth(&bytes[from..]) > DEEPEST { Err(Unbound::Damaged) } else { Ok(()) }
}

/// What `data` unfolds to by deflate, folded once, twice or three times; a little
/// more than `limit` for whatever is more.
fn unfolded(data: &[u8], limit: u64) -> u64 {
    let mut most = data.len() as u64;
    for folds in 1..=3 {
        let mut chain: Box<dyn Read + '_> = Box::new(data);
        for _ in 0..folds {
            chain = Box::new(ZlibDecoder::new(chain));
        }
        let count = count(chain, limit);
        most = most.max(count);
        if count == 0 || count > limit {
            break;
        }
    }
    // Some write it without its envelope.
    most.max(count(DeflateDecoder::new(data), limit))
}

/// How many bytes come before the end, an error, or a little more than `limit`.
fn count(mut source: impl Read, limit: u64) -> u64 {
    let mut chunk = vec![0; 64 << 10];
    let mut count = 0;
    while count <= limit {
        match source.read(&mut chunk) {
            Ok(0) | Err(_) => break,
            Ok(read) => count += read as u64,
        }
    }
    count
}

/// The objects that a stream holds, once it is known what it unfolds to.
fn inside(data: &[u8]) -> Option<Vec<u8>> {
    let mut text = Vec::new();
    ZlibDecoder::new(data).take(UNFOLDED).read_to_end(&mut text).ok()?;
    Some(text)
}

/// How many arrays and dictionaries lie in each other at most.
fn depth(text: &[u8]) -> usize {
    let (mut deep, mut deepest) = (0_usize, 0);
    for (at, byte) in text.iter().enumerate() {
        match byte {
            b'[' | b'<' => deep += 1,
            b']' | b'>' => deep = deep.saturating_sub(1),
            b'e' if text[at..].starts_with(b"endobj") => deep = 0,
            _ => {}
        }
        deepest = deepest.max(deep);
    }
    deepest
}

fn find(text: &[u8], what: &[u8]) -> Option<usize> {
    let mut from = 0;
    loop {
        let first = from + text.get(from..)?.iter().position(|byte| *byte == what[0])?;
        if text[first..].starts_with(what) {
            return Some(first);
        }
        from = first + 1;
    }
}
