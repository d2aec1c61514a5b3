//! Typst inside the program: templates, their data and pictures in memory, fonts of
//! the machine, and pages. No file is looked for, no network asked, no clock read:
//! the same input and the same fonts give the same bytes.

use std::collections::{BTreeMap, HashMap};

use serde_json::Value;
use typst::diag::{FileError, FileResult};
use typst::foundations::{Bytes, Datetime, Duration, Smart};
use typst::layout::{Frame, FrameItem};
use typst::syntax::{FileId, RootedPath, Source, VirtualPath, VirtualRoot};
use typst::text::{Font, FontBook};
use typst::utils::{LazyHash, Scalar};
use typst::{Library, LibraryExt, World};
use typst_layout::PagedDocument;
use typst_pdf::{PdfOptions, Timestamp};
use typst_render::RenderOptions;

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
    /// By name; the first is where Typst begins, the others are imported.
    pub(crate) templates: &'s [(&'s str, &'s str)],
    pub(crate) data: Value,
    /// Pictures by the name under which the templates ask for them.
    pub(crate) pictures: BTreeMap<String, Vec<u8>>,
    /// What the document is, for its identifier.
    pub(crate) ident: String,
    /// The day that it bears: year, month, day.
    pub(crate) date: Option<(i32, u8, u8)>,
    /// Whether a letter that no font has is shown as it can be; else it is refused.
    pub(crate) odd_letters: bool,
}

/// Pages that are set, to be looked at one by one or written as a PDF.
pub struct Composed {
    document: PagedDocument,
    ident: String,
    date: Option<(i32, u8, u8)>,
    /// Fonts of the standard that this machine does not have, each with what stands in for it.
    pub substitutes: Vec<String>,
}

impl Sheet<'_> {
    /// # Errors
    /// [`PackageError::FontMissing`], [`PackageError::GlyphMissing`] rather than a box where a letter should be.
    pub(crate) fn compose(self) -> Result<Composed, PackageError> {
        // The templates' own words are part of the text, so that a font that lacks them is found out here.
        let words: String = self.templates.iter().map(|(_, text)| *text).collect();
        let fonts = Fonts::find(&format!("{words}{}", self.data))?;
        self.set(fonts)
    }

    /// The same with fonts that are found already.
    pub(crate) fn set(mut self, fonts: Fonts) -> Result<Composed, PackageError> {
        let substitutes = fonts.substitutes.clone();
        self.data["fonts"] = fonts.families();
        let desk = Desk::new(fonts, self.templates, &self.data, self.pictures)?;
        let outcome = typst::compile(&desk).output.map_err(|errors| broken(&errors));
        // What Typst remembers for the next time would hold all pictures of all packages.
        typst::comemo::evict(0);
        let document: PagedDocument = outcome?;
        let mut missing = String::new();
        for page in document.pages() {
            collect_missing(&page.frame, &mut missing);
        }
        if !missing.is_empty() && !self.odd_letters {
            return Err(PackageError::GlyphMissing { text: missing });
        }
        Ok(Composed { document, ident: self.ident, date: self.date, substitutes })
    }

    /// # Errors
    /// As [`Sheet::compose`].
    pub(crate) fn typeset(self) -> Result<Pdf, PackageError> {
        self.compose()?.pdf()
    }
}

impl Composed {
    /// How many pages there are.
    #[must_use]
    pub fn pages(&self) -> usize {
        self.document.pages().len()
    }

    /// The pages as a PDF.
    ///
    /// # Errors
    /// [`PackageError::FormBroken`].
    pub fn pdf(&self) -> Result<Pdf, PackageError> {
        let day = self.date.and_then(|(year, month, day)| Datetime::from_ymd_hms(year, month, day, 0, 0, 0));
        let options = PdfOptions {
            ident: Smart::Custom(self.ident.clone()),
            creator: Smart::Custom(Some("Nonghuan".to_owned())),
            timestamp: day.map(Timestamp::new_utc),
            ..PdfOptions::default()
        };
        let bytes = typst_pdf::pdf(&self.document, &options).map_err(|errors| broken(&errors));
        typst::comemo::evict(0);
        Ok(Pdf { bytes: bytes?, pages: self.pages() })
    }

    /// Page `number`, from 1, as a PNG with so many pixels a point; nothing beyond the last.
    ///
    /// # Errors
    /// [`PackageError::FormBroken`].
    pub fn png(&self, number: usize, pixels: f64) -> Result<Option<Vec<u8>>, PackageError> {
        let Some(page) = number.checked_sub(1).and_then(|at| self.document.pages().get(at)) else { return Ok(None) };
        let options = RenderOptions { pixel_per_pt: Scalar::new(pixels.clamp(0.2, 4.0)), ..RenderOptions::default() };
        let picture = typst_render::render(page, &options).encode_png();
        Ok(Some(picture.map_err(|error| PackageError::FormBroken { reason: error.to_string() })?))
    }
}

/// Year, month and day of `YYYY-MM-DD`.
pub(crate) fn day_of(date: &str) -> Option<(i32, u8, u8)> {
    let mut parts = date.get(..10)?.split('-');
    Some((parts.next()?.parse().ok()?, parts.next()?.parse().ok()?, parts.next()?.parse().ok()?))
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
    main: FileId,
    sources: HashMap<FileId, Source>,
    files: HashMap<FileId, Bytes>,
}

impl Desk {
    fn new(
        fonts: Fonts,
        templates: &[(&str, &str)],
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
        let mut sources = HashMap::new();
        let mut main = None;
        for (name, text) in templates {
            let id = file(name)?;
            main.get_or_insert(id);
            sources.insert(id, Source::new(id, (*text).to_owned()));
        }
        let main = main.ok_or_else(|| PackageError::FormBroken { reason: "no template".to_owned() })?;
        Ok(Self {
            library: LazyHash::new(<Library as LibraryExt>::default()),
            book: LazyHash::new(FontBook::from_fonts(&fonts.faces)),
            fonts: fonts.faces,
            main,
            sources,
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
        self.main
    }

    fn source(&self, id: FileId) -> FileResult<Source> {
        self.sources.get(&id).cloned().ok_or(FileError::AccessDenied)
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
