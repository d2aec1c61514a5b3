//! The texts that all sheets of a workbook share, one after the other.

use std::io::Cursor;
use std::sync::atomic::AtomicU64;

use quick_xml::events::Event;
use zip::ZipArchive;

use crate::SheetError;
use crate::cell::trimmed;
use crate::grid::{Strings, too_large};
use crate::part::{self, Stop, entity, local, unescaped};
use crate::workbook::File;

/// More texts than a table of the largest size that is read holds.
const MAX_STRINGS: usize = 2_000_000;

/// The texts that cells name by their number; none where the workbook has no such part.
pub(crate) fn strings(
    file: &File<'_>,
    mut archive: ZipArchive<Cursor<&[u8]>>,
    left: &AtomicU64,
    path: Option<&str>,
) -> Result<Strings, SheetError> {
    let mut strings = Strings::default();
    let part = match path {
        Some(path) => part::open(file, &mut archive, left, path)?,
        None => None,
    };
    let Some(mut part) = part else { return Ok(strings) };
    let (mut text, mut in_text, mut in_sound) = (String::new(), false, false);
    part.each(|event| {
        match event {
            Event::Start(tag) => match local(tag.name().into_inner()) {
                "si" => text.clear(),
                "t" => in_text = !in_sound,
                "rPh" => in_sound = true,
                _ => {}
            },
            Event::Empty(tag) if local(tag.name().into_inner()) == "si" => strings.add(""),
            Event::End(tag) => match local(tag.name().into_inner()) {
                "si" => strings.add(trimmed(&unescaped(&text))),
                "t" => in_text = false,
                "rPh" => in_sound = false,
                _ => {}
            },
            Event::Text(part) if in_text => text.push_str(&part.xml10_content()),
            Event::CData(part) if in_text => text.push_str(&part.xml10_content()),
            Event::GeneralRef(part) if in_text => text.push(entity(part)?),
            _ => {}
        }
        if strings.len() > MAX_STRINGS {
            return Err(Stop::Refused(too_large(file.name, "texts", strings.len(), MAX_STRINGS)));
        }
        let bytes = strings.bytes() + text.len();
        if bytes > crate::MAX_TEXT {
            return Err(Stop::Refused(too_large(file.name, "text", bytes, crate::MAX_TEXT)));
        }
        Ok(())
    })?;
    Ok(strings)
}
