//! What goes into a package, gathered from the records: the volume's values, its
//! small pictures, the data behind them, and the originals to be carried along.

use std::collections::BTreeMap;

use domain::submission::Submission;
use domain::{Record, RecordId};
use package::volume::{Amount, Chapter, Policy, Seal, Share, Step, Volume};
use sha2::{Digest, Sha256};

use super::evidence::Shots;
use super::files::Original;
use super::{Progress, promises};
use crate::types::ErrorView;
use crate::uses::amount::AmountView;
use crate::{AppError, Laptop, Result, Trouble};

/// All of a package but its pages.
pub(super) struct Contents {
    pub(super) volume: Volume,
    /// JPEGs by the names that the volume uses.
    pub(super) pictures: BTreeMap<String, Vec<u8>>,
    /// `application.json`.
    pub(super) data: Vec<u8>,
    /// `奖补金额.json`.
    pub(super) amount: Option<Vec<u8>>,
    /// The programme's text.
    pub(super) policy: Option<Vec<u8>>,
    pub(super) originals: Vec<Original>,
    /// What is carried along but not shown in the volume, and why.
    pub(super) omitted: Vec<ErrorView>,
    pub(super) day: String,
}

impl Laptop {
    pub(super) fn contents(&self, id: RecordId, day: Option<&str>, progress: Progress<'_>) -> Result<Contents> {
        let day = match day {
            Some(day) => self.date(day)?,
            None => Self::today(),
        };
        let submission = self.submission(id)?;
        let amount = match self.amount_of(&submission, day.clone()) {
            Ok(amount) => Some(amount),
            // Without a programme, or with one that this program cannot read, there is nothing to compute.
            Err(AppError::Trouble(Trouble::NoProgramme { .. } | Trouble::ProgrammeWrong { .. })) => None,
            Err(error) => return Err(error),
        };
        let originals = self.originals(&submission)?;
        let log = self.log_positions(&submission)?;
        let data = Self::data(&submission, amount.as_ref(), &log, &day);
        let mut volume = self.volume(&submission)?;
        volume.seal = Seal {
            digest: hex::encode(Sha256::digest(&data)),
            log: log.heads.iter().map(|head| format!("{} 第 {} 条", head.scope, head.seq)).collect(),
            pending: log.pending,
        };
        volume.amount = amount.as_ref().and_then(|amount| money(amount, submission.programme.as_ref()));
        let mut shots = Shots::new(self, progress, &originals);
        volume.notices = shots.notices(&submission)?;
        volume.sheets = shots.sheets(&submission)?;
        volume.papers = shots.papers(&submission)?;
        let (pictures, omitted) = (shots.pictures, shots.omitted);
        volume.map = self.site(&submission)?;
        Ok(Contents {
            volume,
            pictures,
            data,
            amount: amount.as_ref().map(domain::canonical::to_vec),
            policy: submission.programme.as_ref().and_then(|programme| programme.text("rules")).map(Into::into),
            originals,
            omitted,
            day,
        })
    }

    /// What the volume says in words and figures; pictures and digest aside.
    fn volume(&self, submission: &Submission) -> Result<Volume> {
        let record = &submission.application;
        let text = |name: &str| record.text(name).unwrap_or_default().trim().to_owned();
        let township = self.township(record)?;
        let applicant = match text("applicant") {
            given if given.is_empty() => format!("{township}人民政府"),
            given => given,
        };
        let (form, funding) = self.form(submission)?;
        let estimate = self.estimate(submission)?;
        let sum: Vec<i64> = estimate.iter().filter_map(|group| group.amount).collect();
        let total = record.integer("total").or_else(|| (!sum.is_empty()).then(|| domain::money::sum(sum)).flatten());
        let letter = submission.documents.iter().find(|document| document.text("sort") == Some("request"));
        let signed = |sort: &str| has_scan(submission, sort);
        let mut volume = Volume {
            number: text("number"),
            name: text("name"),
            year: record.integer("year").unwrap_or_default(),
            batch: text("batch"),
            sort: self.sort_of(submission)?,
            department: text("department"),
            leader: text("leader"),
            phone: text("phone"),
            place: place(&township, submission),
            dated: signed_on(submission),
            draft: self.draft_words(record)?,
            programme: submission.programme.as_ref().map(|programme| Policy {
                name: programme.text("name").unwrap_or_default().to_owned(),
                document: programme.text("document").unwrap_or_default().to_owned(),
            }),
            total,
            requested: record.integer("requested"),
            writes_letter: !signed("request"),
            letter_number: letter.and_then(|letter| letter.text("document_number")).unwrap_or_default().to_owned(),
            plan: chapters(submission),
            targets: self.targets(submission)?,
            applicant,
            form,
            funding,
            estimate,
            ..Volume::default()
        };
        (volume.list, volume.list_note) = self.list_of(submission, &volume)?;
        volume.commitments = promises::commitments(&volume, &signed);
        Ok(volume)
    }

    pub(super) fn township(&self, record: &Record) -> Result<String> {
        let found = self.store.find(self.catalog().kind("township")?, "code", &record.scope.as_str().into())?;
        let named = found.first().and_then(|row| row.record.text("name"));
        Ok(named.map_or_else(|| record.scope.to_string(), str::to_owned))
    }

    /// 申报类型: what the application says, else the sort of its programme.
    fn sort_of(&self, submission: &Submission) -> Result<String> {
        let said = submission.application.text("programme").map(str::trim).filter(|said| !said.is_empty());
        match (said, &submission.programme) {
            (Some(said), _) => Ok(said.to_owned()),
            (None, Some(programme)) => self.value_said(programme, "sort"),
            (None, None) => Ok(String::new()),
        }
    }

    /// The words on every page of what is not to be handed in yet, or not any more.
    fn draft_words(&self, record: &Record) -> Result<Option<String>> {
        let kind = self.kind("application")?;
        let Some(state) = record.state.as_deref().and_then(|state| kind.state(state).ok()) else { return Ok(None) };
        let unfinished = matches!(state.name.as_str(), "draft" | "returned" | "withdrawn" | "not_supported" | "ended");
        Ok(unfinished.then(|| format!("{}　未报送", state.label.zh)))
    }

    /// A field's value in words; nothing where it is empty or not there.
    pub(super) fn value_said(&self, record: &Record, field: &str) -> Result<String> {
        let kind = self.kind(&record.kind)?;
        match (kind.field(field), record.fields.get(field)) {
            (Ok(field), Some(value)) => self.said(field, value),
            _ => Ok(String::new()),
        }
    }
}

/// Whether a document of this sort is there with a scan of it.
fn has_scan(submission: &Submission, sort: &str) -> bool {
    let of_sort = |document: &&Record| document.text("sort") == Some(sort);
    submission.documents.iter().filter(of_sort).any(|document| !document.items("files").is_empty())
}

/// The day on which the township signed: that of its opinion.
fn signed_on(submission: &Submission) -> Option<String> {
    let replaced = domain::views::replaced(&submission.opinions);
    let town = submission.opinions.iter().filter(|one| one.text("by_level") == Some("town"));
    let standing = town.filter(|one| !replaced.contains_key(&one.id));
    standing.max_by_key(|one| one.id).and_then(|one| one.text("dated")).map(str::to_owned)
}

/// The township and its villages, as far as a line goes.
fn place(township: &str, submission: &Submission) -> String {
    const NAMED: usize = 4;
    let names: Vec<&str> = submission.villages.iter().filter_map(|village| village.text("name")).collect();
    let more = if names.len() > NAMED { format!("等{}个行政村", names.len()) } else { String::new() };
    format!("{township}{}{more}", names[..names.len().min(NAMED)].join("、"))
}

fn chapters(submission: &Submission) -> Vec<Chapter> {
    let mut chapters: Vec<&Record> = submission.chapters.iter().collect();
    chapters.sort_by_key(|chapter| (chapter.integer("place").unwrap_or(i64::MAX), chapter.id));
    let text = |chapter: &Record, name: &str| chapter.text(name).unwrap_or_default().to_owned();
    let named = |(number, one): (usize, &&Record)| Chapter {
        title: numbered(number, &text(one, "title")),
        text: text(one, "text"),
    };
    (1..).zip(&chapters).map(named).collect()
}

/// `一、区域概况`; a title that brings its number keeps it.
fn numbered(number: usize, title: &str) -> String {
    const DIGITS: [&str; 10] = ["", "一", "二", "三", "四", "五", "六", "七", "八", "九"];
    let is_numbered =
        title.split_once('、').is_some_and(|(head, _)| head.chars().all(|c| "一二三四五六七八九十".contains(c)));
    if is_numbered || number == 0 || number > 99 {
        return title.to_owned();
    }
    let (tens, ones) = (number / 10, number % 10);
    let tens = match tens {
        0 => String::new(),
        1 => "十".to_owned(),
        tens => format!("{}十", DIGITS[tens]),
    };
    format!("{tens}{}、{title}", DIGITS[ones])
}

/// The amount as the volume shows it; nothing where it cannot be computed.
fn money(amount: &AmountView, programme: Option<&Record>) -> Option<Amount> {
    let steps = amount.trace.iter().map(|step| Step {
        label: step.label.zh.clone(),
        clause: step.clause.clone(),
        inferred: step.inferred,
        about: step.of.name.clone(),
        words: step.words.zh.clone(),
        result: step.result,
    });
    let shares = amount.shares.iter().map(|share| Share { label: share.label.zh.clone(), amount: share.amount });
    let stages = amount.stages.iter().map(|stage| {
        let percent = stage.percent.as_deref().map(|percent| format!("（{percent}）")).unwrap_or_default();
        let of = if stage.of.name.is_empty() { String::new() } else { format!("{}　", stage.of.name) };
        Share { label: format!("{of}{}{percent}", stage.label.zh), amount: stage.amount }
    });
    Some(Amount {
        programme: amount.programme.clone(),
        document: programme.and_then(|programme| programme.text("document")).unwrap_or_default().to_owned(),
        version: amount.version.to_string(),
        digest: amount.digest.clone(),
        total: amount.total?,
        note: format!("按 {} 的数据计算；区里收到后用同一版政策重新计算并比较。", amount.date),
        steps: steps.collect(),
        shares: shares.collect(),
        stages: stages.collect(),
    })
}

#[cfg(test)]
mod tests {
    use super::numbered;

    #[test]
    fn chapters_are_numbered_as_official_papers_are() {
        for (number, title, shown) in [
            (1, "区域概况", "一、区域概况"),
            (10, "图件", "十、图件"),
            (21, "附件", "二十一、附件"),
            (3, "三、主要工作内容", "三、主要工作内容"),
        ] {
            assert_eq!(numbered(number, title), shown);
        }
    }
}
