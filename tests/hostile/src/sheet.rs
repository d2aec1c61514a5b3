//! The importer of tables: workbooks and text of any sort, and workbooks whose
//! parts were bent and packed again, so that no checksum stands before the reader.
//! It reads them or says why not, and never ends the program.

use std::io::{Cursor, Read, Write};
use std::sync::{LazyLock, OnceLock};

use domain::catalog::Kind;
use domain::{Catalog, Fields};
use serde_json::json;
use zip::write::SimpleFileOptions;

use crate::source::Source;

/// A part of a workbook: its name and its bytes.
pub(crate) type Part = (String, Vec<u8>);

/// The kind that is read for.
pub(crate) fn kind() -> &'static Kind {
    static KIND: LazyLock<Kind> = LazyLock::new(|| Catalog::shipped().kind("village").expect("a shipped kind").clone());
    &KIND
}

/// Reads `data` as each sort of table, and workbooks that it bends: one of ours, one
/// as WPS saves it, and an old one whose bytes stand in sectors.
///
/// # Panics
/// Where the importer does.
pub fn one(data: &[u8]) {
    for name in ["表.csv", "表.xlsx", "表.xls", "表.ods"] {
        read(name, data);
    }
    let mut source = Source::new(data);
    match source.below(3) {
        0 => read("表.xlsx", &bent(&mut source, parts_of_table())),
        1 => read("表.xlsx", &bent(&mut source, parts_of_wps())),
        _ => read("表.xls", &overwritten(&mut source, XLS)),
    }
}

fn read(name: &str, bytes: &[u8]) {
    let _ = sheet::read(name, bytes, kind(), &sheet::Wishes::default());
}

/// A workbook of these parts, with one of them bent.
pub(crate) fn bent(source: &mut Source<'_>, parts: &[Part]) -> Vec<u8> {
    let mut archive = zip::ZipWriter::new(Cursor::new(Vec::new()));
    let bent = source.below(parts.len());
    for (at, (name, bytes)) in parts.iter().enumerate() {
        let mut bytes = bytes.clone();
        while at == bent && !source.is_empty() {
            let at = source.below(bytes.len() + 1);
            let end = (at + source.below(40)).min(bytes.len());
            let length = source.below(20);
            bytes.splice(at..end, source.bytes(length).iter().copied());
        }
        archive.start_file(name, SimpleFileOptions::default()).expect("memory");
        archive.write_all(&bytes).expect("memory");
    }
    archive.finish().expect("memory").into_inner()
}

/// These bytes with some of them overwritten, and as long as before.
fn overwritten(source: &mut Source<'_>, whole: &[u8]) -> Vec<u8> {
    let mut bytes = whole.to_vec();
    while !source.is_empty() {
        let at = source.below(bytes.len());
        let length = 1 + source.below(8);
        for (byte, new) in bytes[at..].iter_mut().zip(source.bytes(length)) {
            *byte = *new;
        }
    }
    bytes
}

/// An old workbook with merges and days since 1904.
const XLS: &[u8] = include_bytes!("../../../crates/sheet/tests/workbooks/工程台账-1904.xls");

/// An honest table, part by part.
fn parts_of_table() -> &'static [Part] {
    static PARTS: OnceLock<Vec<Part>> = OnceLock::new();
    PARTS.get_or_init(|| unpacked(&example()))
}

/// The same as WPS saves it.
fn parts_of_wps() -> &'static [Part] {
    static PARTS: OnceLock<Vec<Part>> = OnceLock::new();
    PARTS.get_or_init(|| unpacked(include_bytes!("../../../crates/sheet/tests/workbooks/工程台账-et.xlsx")))
}

pub(crate) fn unpacked(whole: &[u8]) -> Vec<Part> {
    let mut archive = zip::ZipArchive::new(Cursor::new(whole)).expect("an honest workbook");
    let count = archive.len();
    let part = |at| {
        let mut part = archive.by_index(at).expect("a part");
        let mut bytes = Vec::new();
        part.read_to_end(&mut bytes).expect("its bytes");
        (part.name().expect("a plain name").into_owned(), bytes)
    };
    (0..count).map(part).collect()
}

/// A workbook as this program writes it.
///
/// # Panics
/// Where it cannot write one.
#[must_use]
pub fn example() -> Vec<u8> {
    let columns = ["code", "name", "households", "income", "place", "sewage_rate"].map(str::to_owned);
    let fields = json!({"code": "320902107200", "name": "洋中村", "households": 512, "income": 12_000_000});
    let fields: Fields = serde_json::from_value(fields).expect("fields");
    sheet::write(kind(), &columns, [fields], sheet::Language::Zh, &|_| None).expect("a workbook")
}
