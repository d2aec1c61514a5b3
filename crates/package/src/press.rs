//! Typst inside the program: a template, its data and pictures in memory, fonts of
//! the machine, and a PDF. No file is looked for, no network asked, no clock read:
//! the same input and the same fonts give the same bytes.

use std::collections::{BTreeMap, HashMap};

use serde_json::{Value, json};
use typst::diag::{FileError, FileResult};
use typst::foundations::{Bytes, Datetime, Duration, Smart};
use typst::layout::{Frame, FrameItem};
use typst::syntax::{FileId, RootedPath, Source, VirtualPath, VirtualRoot};
use typst::text::{Font, FontBook};
use typst::utils::LazyHash;
use typst::{Library, LibraryExt, World};
use typst_layout::PagedDocument;
use typst_pdf::{PdfOptions, Timestamp};

use crate::PackageError;
use crate::fonts::Fonts;

/// A typeset document.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Pdf {
    /// The PDF.
    pub bytes: Vec<u8>,
    /// How many pages it has.
    pub pages: usize,
}

/// What is to be typeset.
pub(crate) struct Sheet<'s> {
    pub(crate) template: &'s str,
    pub(crate) data: Value,
    /// Pictures by the name under which the template asks for them.
    pub(crate) pictures: BTreeMap<String, Vec<u8>>,
    /// What the document is, for its identifier.
    pub(crate) ident: String,
    /// The day that it bears: year, month, day.
    pub(crate) date: Option<(i32, u8, u8)>,
    /// Whether a letter that no font has is shown as it can be; else it is refused.
    pub(crate) odd_letters: bool,
}

impl Sheet<'_> {
    /// # Errors
    /// [`PackageError::FontMissing`], [`PackageError::GlyphMissing`] rather than a box where a letter should be.
    pub(crate) fn typeset(mut self) -> Result<Pdf, PackageError> {
        // The template's own words are part of the text, so that a font that lacks them is found out here.
        let fonts = Fonts::find(&format!("{}{}", self.template, self.data))?;
        self.data["fonts"] = json!({"body": fonts.families(0), "heading": fonts.families(1)});
        let desk = Desk::new(fonts, self.template, &self.data, self.pictures)?;
        let document: PagedDocument = typst::compile(&desk).output.map_err(|errors| broken(&errors))?;
        let mut missing = String::new();
        for page in document.pages() {
            collect_missing(&page.frame, &mut missing);
        }
        if !missing.is_empty() && !self.odd_letters {
            return Err(PackageError::GlyphMissing { text: missing });
        }
        let day = self.date.and_then(|(year, month, day)| Datetime::from_ymd_hms(year, month, day, 0, 0, 0));
        let options = PdfOptions {
            ident: Smart::Custom(self.ident),
            creator: Smart::Custom(Some("Nonghuan".to_owned())),
            timestamp: day.map(Timestamp::new_utc),
            ..PdfOptions::default()
        };
        let bytes = typst_pdf::pdf(&document, &options).map_err(|errors| broken(&errors))?;
        Ok(Pdf { bytes, pages: document.pages().len() })
    }
}

fn broken(errors: &[typst::diag::SourceDiagnostic]) -> PackageError {
    let reasons: Vec<&str> = errors.iter().map(|error| error.message.as_str()).collect();
    PackageError::FormBroken { reason: reasons.join("; ") }
}

/// The texts in `frame` whose letters came out as the font's "no such glyph".
fn collect_missing(frame: &Frame, missing: &mut String) {
    for (_, item) in frame.items() {
        match item {
            FrameItem::Group(group) => collect_missing(&group.frame, missing),
            FrameItem::Text(run) => {
                for glyph in run.glyphs.iter().filter(|glyph| glyph.id == 0) {
                    let range = usize::from(glyph.range.start)..usize::from(glyph.range.end);
                    let text = run.text.get(range).unwrap_or_default();
                    if !text.trim().is_empty() && !missing.contains(text) {
                        missing.push_str(text);
                    }
                }
            }
            _ => {}
        }
    }
}

/// The world that a template sees: itself, its data, its pictures and the fonts.
struct Desk {
    library: LazyHash<Library>,
    book: LazyHash<FontBook>,
    fonts: Vec<Font>,
    main: Source,
    files: HashMap<FileId, Bytes>,
}

impl Desk {
    fn new(
        fonts: Fonts,
        template: &str,
        data: &Value,
        pictures: BTreeMap<String, Vec<u8>>,
    ) -> Result<Self, PackageError> {
        let file = |name: &str| {
            let path =
                VirtualPath::new(name).map_err(|error| PackageError::FormBroken { reason: error.to_string() })?;
            Ok(RootedPath::new(VirtualRoot::Project, path).intern())
        };
        let mut files = HashMap::from([(file("data.json")?, Bytes::new(data.to_string().into_bytes()))]);
        for (name, bytes) in pictures {
            files.insert(file(&name)?, Bytes::new(bytes));
        }
        Ok(Self {
            library: LazyHash::new(<Library as LibraryExt>::default()),
            book: LazyHash::new(FontBook::from_fonts(&fonts.faces)),
            fonts: fonts.faces,
            main: Source::new(file("main.typ")?, template.to_owned()),
            files,
        })
    }
}

impl World for Desk {
    fn library(&self) -> &LazyHash<Library> {
        &self.library
    }

    fn book(&self) -> &LazyHash<FontBook> {
        &self.book
    }

    fn main(&self) -> FileId {
        self.main.id()
    }

    fn source(&self, id: FileId) -> FileResult<Source> {
        if id == self.main.id() { Ok(self.main.clone()) } else { Err(FileError::AccessDenied) }
    }

    fn file(&self, id: FileId) -> FileResult<Bytes> {
        self.files.get(&id).cloned().ok_or(FileError::AccessDenied)
    }

    fn font(&self, index: usize) -> Option<Font> {
        self.fonts.get(index).cloned()
    }

    fn today(&self, _offset: Option<Duration>) -> Option<Datetime> {
        None
    }
}
