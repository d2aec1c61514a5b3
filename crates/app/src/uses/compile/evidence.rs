//! Notices, photo sheets and scans: what a volume shows in pictures. One picture is
//! decoded at a time; what is kept of it is small.

use std::collections::BTreeMap;

use domain::evidence::Phase;
use domain::record::Attachment;
use domain::submission::Submission;
use domain::{Record, Value};
use package::scan::{self, Scan, Unbound};
use package::volume::{Notice, Paper, PaperFile, PhotoSheet, Picture, Spot};
use photo::PhotoError;

use super::files::Original;
use super::forms::{span, village_name};
use super::{CompileStage, Progress, tell};
use crate::types::ErrorView;
use crate::uses::dossier::phase_of;
use crate::{AppError, Laptop, Result, Trouble};

/// Why a scan is not bound that has no room in the volume.
const TOO_LARGE: &str = "太大或页数太多";

/// How large a scan is printed, in pixels: 150 of them an inch.
const SCAN: u32 = 1_600;

/// The most pictures of one volume; what is more is in the package, and said to be.
const MOST: usize = 600;

/// The most pages of scans that are PDFs or TIFFs, and what they may weigh together: they are
/// held in memory until the volume is written.
const SCAN_PAGES: usize = 600;
const SCAN_BYTES: u64 = 96 << 20;

/// The most photos of one works that stand for no spot.
const LOOSE: usize = 12;

/// Pictures on their way into the volume.
pub(super) struct Shots<'l, 'p> {
    laptop: &'l Laptop,
    progress: Progress<'p>,
    pub(super) pictures: BTreeMap<String, Vec<u8>>,
    /// What could not be shown, and why.
    pub(super) omitted: Vec<ErrorView>,
    scan_pages: usize,
    scan_bytes: u64,
    done: u64,
    total: u64,
}

impl<'l, 'p> Shots<'l, 'p> {
    pub(super) fn new(laptop: &'l Laptop, progress: Progress<'p>, originals: &[Original]) -> Self {
        let shown = |original: &&Original| {
            is_picture(&original.file.name) || is_pdf(&original.file.name) || is_tiff(&original.file.name)
        };
        let total = originals.iter().filter(shown).count() as u64;
        let (pictures, omitted) = (BTreeMap::new(), Vec::new());
        Self { laptop, progress, pictures, omitted, scan_pages: 0, scan_bytes: 0, done: 0, total }
    }

    /// The picture of a file, with its name and time below it; nothing for what
    /// cannot be shown, which is in the package all the same.
    fn picture(&mut self, file: &Attachment, edge: Option<u32>) -> Result<Option<Picture>> {
        if !is_picture(&file.name) || self.pictures.len() >= MOST {
            return Ok(None);
        }
        let name = format!("{}-{}.jpg", file.sha256, edge.unwrap_or_default());
        if !self.pictures.contains_key(&name) {
            let small = match edge {
                Some(edge) => self.laptop.thumbnail(&file.sha256, edge),
                None => self.laptop.small_picture(&file.sha256),
            };
            match small {
                Ok(small) => self.pictures.insert(name.clone(), small),
                // Gone from the disk: named, and nothing is made.
                Err(error) if self.laptop.is_lost(&file.sha256) => {
                    tracing::warn!(%error, "an original is gone");
                    return Err(Trouble::AttachmentAbsent { name: file.name.clone() }.into());
                }
                Err(error) => {
                    self.omit(&named(error, &file.name));
                    return Ok(None);
                }
            };
        }
        self.step()?;
        let facts = self.laptop.photo_facts(&file.sha256)?.unwrap_or_default();
        let taken = facts.taken.and_then(|taken| taken.get(..16).map(|taken| format!("　{}", taken.replace('T', " "))));
        Ok(Some(Picture {
            picture: name,
            words: format!("{}{}", file.name, taken.unwrap_or_default()),
            page: 0,
            wide: facts.width > facts.height,
        }))
    }

    /// The pages of a scan, each a picture; or why it is not bound, in the volume's words.
    fn scan(&mut self, file: &Attachment) -> Result<std::result::Result<Vec<Picture>, &'static str>> {
        let name = file.name.clone();
        let made = if !is_pdf(&name) && !is_tiff(&name) {
            Err((Trouble::ScanNotBound { name: name.clone() }, "不是图片、TIFF 或 PDF"))
        } else if file.bytes > scan::LARGEST {
            Err((Trouble::ScanTooLarge { name: name.clone() }, TOO_LARGE))
        } else {
            let absent = |_| Trouble::AttachmentAbsent { name: name.clone() };
            let bytes = self.laptop.files.read(&file.sha256).map_err(absent)?;
            self.step()?;
            if is_pdf(&name) { document(file, bytes) } else { stack(file, &bytes) }
        };
        match made {
            Ok(Bound { files, pages }) => {
                let weight = files.iter().map(|(_, bytes)| bytes.len() as u64).sum::<u64>();
                if self.scan_pages + pages.len() > SCAN_PAGES || self.scan_bytes + weight > SCAN_BYTES {
                    self.omit(&Trouble::ScanTooLarge { name }.into());
                    return Ok(Err(TOO_LARGE));
                }
                self.scan_pages += pages.len();
                self.scan_bytes += weight;
                self.pictures.extend(files);
                Ok(Ok(pages))
            }
            Err((why, words)) => {
                self.omit(&why.into());
                Ok(Err(words))
            }
        }
    }

    /// One more file is shown.
    fn step(&mut self) -> Result<()> {
        self.done = (self.done + 1).min(self.total);
        tell(self.progress, CompileStage::Pictures, self.done, self.total)
    }

    fn omit(&mut self, why: &AppError) {
        let why = why.view();
        if !self.omitted.contains(&why) {
            self.omitted.push(why);
        }
    }

    fn all(&mut self, record: &Record, field: &str) -> Result<Vec<Picture>> {
        let mut shown = Vec::new();
        for file in record.items(field).iter().filter_map(Attachment::read) {
            shown.extend(self.picture(&file, None)?);
        }
        Ok(shown)
    }

    pub(super) fn notices(&mut self, submission: &Submission) -> Result<Vec<Notice>> {
        let mut notices = Vec::new();
        for notice in submission.notices.iter().filter(|notice| notice.state.as_deref() != Some("withdrawn")) {
            let text = |name: &str| notice.text(name).unwrap_or_default().to_owned();
            let said = |name: &str| self.laptop.value_said(notice, name);
            let (about, reach) = (said("about")?, said("reach")?);
            let objections = match notice.fields.get("objections").and_then(Value::as_bool) {
                Some(true) => format!("有异议：{}。处理结果：{}", text("objection_text"), text("handling")),
                Some(false) => "无异议".to_owned(),
                None => String::new(),
            };
            notices.push(Notice {
                name: text("name"),
                about,
                reach,
                span: days(notice.text("start"), notice.text("end")),
                place: text("place"),
                objections,
                files: notice.items("files").iter().filter_map(Attachment::read).map(|file| file.name).collect(),
                photos: self.all(notice, "photos")?,
            });
        }
        Ok(notices)
    }

    /// A sheet for each works that has pictures: its spots, then what stands for none.
    pub(super) fn sheets(&mut self, submission: &Submission) -> Result<Vec<PhotoSheet>> {
        let mut sheets = Vec::new();
        for works in &submission.works {
            let of_it = |record: &&Record| record.text("works").is_some_and(|id| id == works.id.to_string());
            let mut spots = Vec::new();
            for spot in submission.spots.iter().filter(of_it) {
                let phases = [self.all(spot, "before")?, self.all(spot, "during")?, self.all(spot, "after")?];
                if phases.iter().any(|photos| !photos.is_empty()) {
                    let text = |name: &str| spot.text(name).unwrap_or_default().to_owned();
                    spots.push(Spot { name: text("name"), direction: text("direction"), phases });
                }
            }
            // Without spots the day of each picture says in which phase it was taken.
            let mut loose = Spot { name: "未编点位，按拍摄日期".to_owned(), ..Spot::default() };
            let mut others = Vec::new();
            let progress = submission.progress.iter().filter(of_it);
            for file in std::iter::once(works).chain(progress).flat_map(photos_of).take(LOOSE) {
                let taken = self.laptop.photo_facts(&file.sha256)?.and_then(|facts| facts.taken);
                let Some(picture) = self.picture(&file, None)? else { continue };
                match phase_of(works, taken.as_deref()) {
                    Some(Phase::Before) => loose.phases[0].push(picture),
                    Some(Phase::During) => loose.phases[1].push(picture),
                    Some(Phase::After) => loose.phases[2].push(picture),
                    None => others.push(picture),
                }
            }
            if loose.phases.iter().any(|photos| !photos.is_empty()) {
                spots.push(loose);
            }
            if !spots.is_empty() || !others.is_empty() {
                let title = works.text("name").unwrap_or_default().to_owned();
                sheets.push(PhotoSheet { title, village: village_name(submission, works), spots, others });
            }
        }
        Ok(sheets)
    }

    pub(super) fn papers(&mut self, submission: &Submission) -> Result<Vec<Paper>> {
        let mut papers = Vec::new();
        for document in self.laptop.documents_in_order(submission)? {
            let text = |name: &str| document.text(name).unwrap_or_default().to_owned();
            let (mut files, mut pictures, mut whole) = (Vec::new(), Vec::new(), true);
            for file in document.items("files").iter().filter_map(Attachment::read) {
                let bound = match self.picture(&file, Some(SCAN))? {
                    Some(picture) => Ok(vec![picture]),
                    None if is_picture(&file.name) => Err("显示不出来"),
                    None => self.scan(&file)?,
                };
                let note = bound.as_ref().err().map(|why| format!("未装订：{why}")).unwrap_or_default();
                whole &= bound.is_ok();
                pictures.extend(bound.unwrap_or_default());
                files.push(PaperFile { name: file.name, sha256: file.sha256, note });
            }
            papers.push(Paper {
                sort: self.laptop.value_said(document, "sort")?,
                title: text("title"),
                number: text("document_number"),
                dated: text("dated"),
                pages: if whole && !pictures.is_empty() { pictures.len().to_string() } else { String::new() },
                files,
                pictures,
            });
        }
        Ok(papers)
    }
}

/// What a scan becomes: files that the volume shows, and a picture for each page.
struct Bound {
    files: Vec<(String, Vec<u8>)>,
    pages: Vec<Picture>,
}

/// A scan as it can be bound; or why it cannot, also in the volume's words.
type Made = std::result::Result<Bound, (Trouble, &'static str)>;

/// A scan that is a PDF.
fn document(file: &Attachment, bytes: Vec<u8>) -> Made {
    let name = file.name.clone();
    let picture = format!("{}.pdf", file.sha256);
    match scan::look(&bytes) {
        Ok(Scan { wide }) => {
            let page = |(page, wide)| Picture { picture: picture.clone(), words: name.clone(), page, wide };
            let pages = (1..).zip(wide).map(page).collect();
            Ok(Bound { files: vec![(picture, bytes)], pages })
        }
        Err(Unbound::Locked) => Err((Trouble::ScanLocked { name }, "有密码或权限保护")),
        Err(Unbound::Damaged) => Err((Trouble::ScanDamaged { name }, "文件不完整")),
        Err(Unbound::Newer) => Err((Trouble::ScanNewer { name }, "PDF 2.0")),
        Err(Unbound::TooLarge) => Err((Trouble::ScanTooLarge { name }, TOO_LARGE)),
    }
}

/// A stack of paper that a copier scanned into one TIFF.
fn stack(file: &Attachment, bytes: &[u8]) -> Made {
    let name = file.name.clone();
    match photo::pages(bytes, SCAN) {
        Ok(made) => {
            let mut bound = Bound { files: Vec::new(), pages: Vec::new() };
            for (number, photo::Page { jpeg, wide }) in (1..).zip(made) {
                let picture = format!("{}-{number}.jpg", file.sha256);
                let words = format!("{name}　第 {number} 页");
                bound.pages.push(Picture { picture: picture.clone(), words, page: 0, wide });
                bound.files.push((picture, jpeg));
            }
            Ok(bound)
        }
        Err(PhotoError::TooLarge { .. }) => Err((Trouble::ScanTooLarge { name }, TOO_LARGE)),
        Err(PhotoError::Damaged(_)) => Err((Trouble::ScanDamaged { name }, "文件不完整")),
        Err(PhotoError::NotShown(_) | PhotoError::NotAPicture) => {
            Err((Trouble::ScanNotBound { name }, "不是扫描件常用的格式"))
        }
    }
}

impl Laptop {
    /// Whether an original that should be here cannot be read.
    fn is_lost(&self, sha256: &str) -> bool {
        self.files.read(sha256).is_err()
    }
}

fn is_picture(name: &str) -> bool {
    let end = name.rsplit_once('.').map(|(_, end)| end.to_lowercase()).unwrap_or_default();
    matches!(end.as_str(), "jpg" | "jpeg" | "png" | "webp")
}

fn is_tiff(name: &str) -> bool {
    let name = name.to_lowercase();
    name.ends_with(".tif") || name.ends_with(".tiff")
}

fn is_pdf(name: &str) -> bool {
    name.to_lowercase().ends_with(".pdf")
}

/// Of a picture that is not shown, its own name and not that of its bytes.
fn named(error: AppError, name: &str) -> AppError {
    let name = name.to_owned();
    match error {
        AppError::Trouble(Trouble::NotAPicture { .. }) => Trouble::NotAPicture { name }.into(),
        other => other,
    }
}

/// The photos that a works or an entry of its progress holds.
fn photos_of(record: &Record) -> Vec<Attachment> {
    record.items("photos").iter().filter_map(Attachment::read).collect()
}

/// From when to when, and how many days that is, both counted.
fn days(start: Option<&str>, end: Option<&str>) -> String {
    let day = |text: Option<&str>| text.and_then(|text| text.parse::<chrono::NaiveDate>().ok());
    match (day(start), day(end)) {
        (Some(first), Some(last)) if last >= first => {
            format!("{}（{} 天）", span(start, end), (last - first).num_days() + 1)
        }
        _ => span(start, end),
    }
}
