//! Notices, photo sheets and scans: what a volume shows in pictures. One picture is
//! decoded at a time; what is kept of it is small.

use std::collections::BTreeMap;

use domain::evidence::Phase;
use domain::record::Attachment;
use domain::submission::Submission;
use domain::{Record, Value};
use package::volume::{Notice, Paper, PaperFile, PhotoSheet, Picture, Spot};

use super::files::Original;
use super::forms::{span, village_name};
use super::{CompileStage, Progress, tell};
use crate::uses::dossier::phase_of;
use crate::{Laptop, Result, Trouble};

/// How large a scan is printed, in pixels: 150 of them an inch.
const SCAN: u32 = 1_600;

/// The most pictures of one volume; what is more is in the package, and said to be.
const MOST: usize = 600;

/// The most photos of one works that stand for no spot.
const LOOSE: usize = 12;

/// Pictures on their way into the volume.
pub(super) struct Shots<'l, 'p> {
    laptop: &'l Laptop,
    progress: Progress<'p>,
    pub(super) pictures: BTreeMap<String, Vec<u8>>,
    done: u64,
    total: u64,
}

impl<'l, 'p> Shots<'l, 'p> {
    pub(super) fn new(laptop: &'l Laptop, progress: Progress<'p>, originals: &[Original]) -> Self {
        let total = originals.iter().filter(|original| is_picture(&original.file.name)).count() as u64;
        Self { laptop, progress, pictures: BTreeMap::new(), done: 0, total }
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
                Err(_) => return Ok(None),
            };
        }
        self.done = (self.done + 1).min(self.total);
        tell(self.progress, CompileStage::Pictures, self.done, self.total)?;
        let taken = self.laptop.photo_facts(&file.sha256)?.and_then(|facts| facts.taken);
        let taken = taken.and_then(|taken| taken.get(..16).map(|taken| format!("　{}", taken.replace('T', " "))));
        Ok(Some(Picture { picture: name, words: format!("{}{}", file.name, taken.unwrap_or_default()) }))
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
            let (mut files, mut pictures, mut pages, mut counted) = (Vec::new(), Vec::new(), 0, true);
            for file in document.items("files").iter().filter_map(Attachment::read) {
                match self.picture(&file, Some(SCAN))? {
                    Some(picture) => {
                        pages += 1;
                        pictures.push(picture);
                    }
                    None => match self.laptop.pdf_pages(&file)? {
                        Some(count) => pages += count,
                        None => counted = false,
                    },
                }
                files.push(PaperFile { name: file.name, sha256: file.sha256 });
            }
            papers.push(Paper {
                sort: self.laptop.value_said(document, "sort")?,
                title: text("title"),
                number: text("document_number"),
                dated: text("dated"),
                pages: if counted && pages > 0 { pages.to_string() } else { String::new() },
                files,
                pictures,
            });
        }
        Ok(papers)
    }
}

impl Laptop {
    /// How many pages a PDF has; nothing for what is none.
    fn pdf_pages(&self, file: &Attachment) -> Result<Option<usize>> {
        if !file.name.to_lowercase().ends_with(".pdf") || file.bytes > photo::LARGEST_FILE {
            return Ok(None);
        }
        let absent = |_| Trouble::AttachmentAbsent { name: file.name.clone() };
        Ok(package::pdf_pages(self.files.read(&file.sha256).map_err(absent)?))
    }

    /// Whether an original that should be here cannot be read.
    fn is_lost(&self, sha256: &str) -> bool {
        self.files.read(sha256).is_err()
    }
}

fn is_picture(name: &str) -> bool {
    let end = name.rsplit_once('.').map(|(_, end)| end.to_lowercase()).unwrap_or_default();
    matches!(end.as_str(), "jpg" | "jpeg" | "png" | "webp")
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
