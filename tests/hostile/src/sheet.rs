//! The importer of tables: workbooks and text of any sort, and workbooks whose
//! parts were bent and packed again, so that no checksum stands before the reader.
//! It reads them or says why not, and never ends the program. The same of
//! templates, which a district edits and any hand may bend: they are filled or refused.

use std::io::{Cursor, Read, Write};
use std::sync::{LazyLock, OnceLock};

use domain::catalog::Kind;
use domain::{Catalog, Fields};
use serde_json::json;
use zip::write::SimpleFileOptions;

use crate::source::Source;

/// Reads `data` as each sort of table, and a workbook that it bends.
///
/// # Panics
/// Where the importer does.
pub fn one(data: &[u8]) {
    static KIND: LazyLock<Kind> = LazyLock::new(|| Catalog::shipped().kind("village").expect("a shipped kind").clone());
    let kind = &*KIND;
    for name in ["表.csv", "表.xlsx", "表.xls", "表.ods"] {
        let _ = sheet::read(name, data, kind, &sheet::Wishes::default());
    }
    let mut source = Source::new(data);
    let template = source.below(2) == 1;
    let parts = if template { parts_of_template() } else { parts_of_table() };
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
    let _ = sheet::read("表.xlsx", &bytes, kind, &sheet::Wishes::default());
    if let Ok(filled) = sheet::template::fill("模板.xlsx", &bytes, &mut Anything) {
        // What was filled is a workbook again.
        let _ = sheet::read("表.xlsx", &filled, kind, &sheet::Wishes::default());
    }
}

/// Whatever a template asks for, there are three of it.
struct Anything;

impl sheet::template::Answers for Anything {
    fn rows(&mut self, kind: &str) -> Result<Option<usize>, String> {
        Ok((kind != "village").then_some(3))
    }

    fn filling(&mut self, ask: sheet::template::Ask<'_>) -> Result<sheet::template::Filling, String> {
        use sheet::template::Filling as F;
        Ok(match ask.placeholder.path.len() {
            1 => F::Date("2026-05-01".to_owned()),
            2 => F::Number("12.5".to_owned()),
            3 => F::Text("<\u{1}&中东村".to_owned()),
            _ => F::Empty,
        })
    }
}

/// An honest table, part by part.
fn parts_of_table() -> &'static [(String, Vec<u8>)] {
    static PARTS: OnceLock<Vec<(String, Vec<u8>)>> = OnceLock::new();
    PARTS.get_or_init(|| unpacked(&example()))
}

/// An honest template, part by part: merges, formulas, a print area.
fn parts_of_template() -> &'static [(String, Vec<u8>)] {
    static PARTS: OnceLock<Vec<(String, Vec<u8>)>> = OnceLock::new();
    PARTS.get_or_init(|| unpacked(include_bytes!("../../../crates/app/templates/工程台账.xlsx")))
}

fn unpacked(whole: &[u8]) -> Vec<(String, Vec<u8>)> {
    let mut archive = zip::ZipArchive::new(Cursor::new(whole)).expect("a workbook of our own");
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
    let catalog = Catalog::shipped();
    let kind = catalog.kind("village").expect("a shipped kind");
    let columns = ["code", "name", "households", "income", "place", "sewage_rate"].map(str::to_owned);
    let fields = json!({"code": "320902107200", "name": "洋中村", "households": 512, "income": 12_000_000});
    let fields: Fields = serde_json::from_value(fields).expect("fields");
    sheet::write(kind, &columns, [fields], sheet::Language::Zh, &|_| None).expect("a workbook")
}
