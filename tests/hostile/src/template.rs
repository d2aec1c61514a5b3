//! Templates, which a district edits and any hand may bend: they are filled or refused.

use std::sync::OnceLock;

use sheet::template::{Answers, Ask, Filling, fill, placeholders};

use crate::sheet::{Part, bent, kind, unpacked};
use crate::source::Source;

/// Fills `data`, and an honest template that it bends.
///
/// # Panics
/// Where filling does.
pub fn one(data: &[u8]) {
    let bytes = bent(&mut Source::new(data), parts());
    for template in [data, &bytes] {
        let _ = placeholders("模板.xlsx", template);
        if let Ok(filled) = fill("模板.xlsx", template, &mut Anything) {
            // What was filled is a workbook again.
            let _ = sheet::read("表.xlsx", &filled, kind(), &sheet::Wishes::default());
        }
    }
}

/// Whatever a template asks for, there are three of it.
struct Anything;

impl Answers for Anything {
    fn rows(&mut self, kind: &str) -> Result<Option<usize>, String> {
        Ok((kind != "village").then_some(3))
    }

    fn filling(&mut self, ask: Ask<'_>) -> Result<Filling, String> {
        Ok(match ask.placeholder.path.len() {
            1 => Filling::Date("2026-05-01".to_owned()),
            2 => Filling::Number("12.5".to_owned()),
            3 => Filling::Text("<\u{1}&中东村".to_owned()),
            _ => Filling::Empty,
        })
    }
}

/// An honest template, part by part: merges, formulas, a print area.
fn parts() -> &'static [Part] {
    static PARTS: OnceLock<Vec<Part>> = OnceLock::new();
    PARTS.get_or_init(|| unpacked(include_bytes!("../../../crates/app/templates/工程台账.xlsx")))
}
