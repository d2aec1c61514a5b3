//! The importer of tables: workbooks and text of any sort, and workbooks whose
//! parts were bent and packed again, so that no checksum stands before the reader.
//! It reads them or says why not, and never ends the program.

use std::io::{Cursor, Read, Write};
use std::sync::OnceLock;

use domain::{Catalog, Fields};
use serde_json::json;
use zip::write::SimpleFileOptions;

use crate::source::Source;

/// Reads `data` as each sort of table, and a workbook that it bends.
///
/// # Panics
/// Where the importer does.
pub fn one(data: &[u8]) {
    let kind = Catalog::shipped().kind("village").expect("a shipped kind").clone();
    for name in ["表.csv", "表.xlsx", "表.xls", "表.ods"] {
        let _ = sheet::read(name, data, &kind, &sheet::Wishes::default());
    }
    let mut source = Source::new(data);
    let parts = workbook();
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
    let bytes = archive.finish().expect("memory").into_inner();
    let _ = sheet::read("表.xlsx", &bytes, &kind, &sheet::Wishes::default());
}

/// An honest workbook, part by part.
fn workbook() -> &'static [(String, Vec<u8>)] {
    static PARTS: OnceLock<Vec<(String, Vec<u8>)>> = OnceLock::new();
    PARTS.get_or_init(|| {
        let whole = example();
        let mut archive = zip::ZipArchive::new(Cursor::new(whole)).expect("a workbook of our own");
        let count = archive.len();
        let part = |at| {
            let mut part = archive.by_index(at).expect("a part");
            let mut bytes = Vec::new();
            part.read_to_end(&mut bytes).expect("its bytes");
            (part.name().expect("a plain name").into_owned(), bytes)
        };
        (0..count).map(part).collect()
    })
}

/// A workbook as this program writes it.
///
/// # Panics
/// Where it cannot write one.
#[must_use]
pub fn example() -> Vec<u8> {
    let catalog = Catalog::shipped();
    let kind = catalog.kind("village").expect("a shipped kind");
    let columns = ["code", "name", "households", "income", "place", "sewage_rate"].map(str::to_owned);
    let fields = json!({"code": "320902107200", "name": "洋中村", "households": 512, "income": 12_000_000});
    let fields: Fields = serde_json::from_value(fields).expect("fields");
    sheet::write(kind, &columns, [fields], sheet::Language::Zh, &|_| None).expect("a workbook")
}
