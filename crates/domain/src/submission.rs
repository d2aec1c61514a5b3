//! A submission: an application with everything that it rests on, as records.
//!
//! Checks, amounts, prefilled text, funds and the package all look at the same
//! records, so they are gathered once, and by one rule: the laptop and the
//! district each lend a [`Shelf`] to look on, and get the same submission where
//! they hold the same records.

use std::collections::BTreeSet;

use crate::record::Record;
use crate::{RecordId, Scope};

/// Where records are looked up: a laptop's store, a district's.
pub trait Shelf {
    /// What can go wrong there.
    type Error;

    /// The living record `id`; of one that was joined into another, the other.
    ///
    /// # Errors
    /// When the shelf cannot be read.
    fn record(&self, id: RecordId) -> Result<Option<Record>, Self::Error>;

    /// The living records of `kind` whose reference or set of references `field`
    /// names one of `to`, in the order of their ids; none where `kind` is unknown.
    ///
    /// # Errors
    /// When the shelf cannot be read.
    fn referring(&self, kind: &str, field: &str, to: &[RecordId]) -> Result<Vec<Record>, Self::Error>;

    /// The living records of `kind` in `scope`, in the order of their ids.
    ///
    /// # Errors
    /// When the shelf cannot be read.
    fn all(&self, kind: &str, scope: &Scope) -> Result<Vec<Record>, Self::Error>;

    /// The living records of `kind` in every scope that is here.
    ///
    /// # Errors
    /// When the shelf cannot be read.
    fn everywhere(&self, kind: &str) -> Result<Vec<Record>, Self::Error>;
}

/// An application and what it rests on. Each list is in the order of ids, which
/// is the order in which its records were made.
#[derive(Debug, Clone, PartialEq)]
pub struct Submission {
    /// The application itself.
    pub application: Record,
    /// The version of the programme that it is made under, where one is chosen.
    pub programme: Option<Record>,
    /// Its villages: those it names, and those of its works.
    pub villages: Vec<Record>,
    /// Its works, each once: of two that were joined the one that was kept.
    pub works: Vec<Record>,
    /// Contracts of its works.
    pub contracts: Vec<Record>,
    /// Variations of those contracts.
    pub variations: Vec<Record>,
    /// Acceptances of its works, of their contracts, and of its villages.
    pub acceptances: Vec<Record>,
    /// Notices about it, or about one of its works.
    pub notices: Vec<Record>,
    /// Progress entries of its works, replaced ones as well.
    pub progress: Vec<Record>,
    /// Photo spots of its works.
    pub spots: Vec<Record>,
    /// The black-odour waters that its works treat.
    pub water_bodies: Vec<Record>,
    /// 投资估算行.
    pub lines: Vec<Record>,
    /// 测算数据: what only its programme asks for.
    pub figures: Vec<Record>,
    /// 绩效指标.
    pub targets: Vec<Record>,
    /// 实施方案章节.
    pub chapters: Vec<Record>,
    /// 申报材料.
    pub documents: Vec<Record>,
    /// 意见, replaced ones as well.
    pub opinions: Vec<Record>,
    /// 审核意见.
    pub remarks: Vec<Record>,
    /// 资金台账 of it, its works and their contracts, reversed ones as well.
    pub funds: Vec<Record>,
    /// 绩效评价.
    pub evaluations: Vec<Record>,
    /// The township's month reports, once money is allocated.
    pub month_reports: Vec<Record>,
    /// 受益农户 of it and of its works. They are looked at, and never part of what is
    /// handed on: see [`Submission::records`].
    pub households: Vec<Record>,
    /// Other applications for the same villages or works, and other works there.
    pub others: Others,
}

/// What stands beside an application in the same villages.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct Others {
    /// Other applications that name one of the villages, or a works there.
    pub applications: Vec<Record>,
    /// Works in the villages that the application does not bundle.
    pub works: Vec<Record>,
    /// The programme versions that the other applications are made under.
    pub programmes: Vec<Record>,
    /// Households anywhere else, where the application has any of its own.
    pub households: Vec<Record>,
}

impl Submission {
    /// The application `id` with everything that it rests on; nothing where there
    /// is no such application.
    ///
    /// # Errors
    /// When the shelf cannot be read.
    pub fn gather<S: Shelf>(shelf: &S, id: RecordId) -> Result<Option<Self>, S::Error> {
        match shelf.record(id)?.filter(|record| record.kind == "application") {
            Some(application) => Self::of(shelf, application).map(Some),
            None => Ok(None),
        }
    }

    /// What `application`, as it stands here, rests on.
    ///
    /// # Errors
    /// When the shelf cannot be read.
    pub fn of<S: Shelf>(shelf: &S, application: Record) -> Result<Self, S::Error> {
        let one = [application.id];
        let of_it = |kind: &str| shelf.referring(kind, "application", &one);
        let works = each(shelf, ids(&application, "works"), "works")?;
        let works_ids: Vec<RecordId> = works.iter().map(|works| works.id).collect();
        let named = ids(&application, "villages");
        let villages = each(shelf, named.chain(works.iter().filter_map(|works| id_in(works, "village"))), "village")?;
        let village_ids: Vec<RecordId> = villages.iter().map(|village| village.id).collect();
        let of_works = |kind: &str| shelf.referring(kind, "works", &works_ids);
        let contracts = merged([of_works("contract")?, shelf.referring("contract", "more_works", &works_ids)?]);
        let contract_ids: Vec<RecordId> = contracts.iter().map(|contract| contract.id).collect();
        let village_acceptances = shelf.referring("acceptance", "village", &village_ids)?;
        let whole_villages = village_acceptances.into_iter().filter(|one| one.text("subject") == Some("village"));
        let acceptances = merged([
            of_works("acceptance")?,
            shelf.referring("acceptance", "contract", &contract_ids)?,
            whole_villages.collect(),
        ]);
        let waters = each(shelf, works.iter().filter_map(|works| id_in(works, "water_body")), "water_body")?;
        let water_ids: Vec<RecordId> = waters.iter().map(|water| water.id).collect();
        let notices =
            merged([of_it("notice")?, of_works("notice")?, shelf.referring("notice", "water_bodies", &water_ids)?]);
        let households = merged([of_it("household")?, of_works("household")?]);
        let month_reports = match application.fields.get("allocated_on").is_some_and(|date| !date.is_null()) {
            true => shelf.all("month_report", &application.scope)?,
            false => Vec::new(),
        };
        Ok(Self {
            programme: match id_in(&application, "policy") {
                Some(policy) => shelf.record(policy)?.filter(|record| record.kind == "programme"),
                None => None,
            },
            variations: shelf.referring("variation", "contract", &contract_ids)?,
            progress: of_works("progress")?,
            spots: of_works("spot")?,
            lines: of_it("estimate_line")?,
            figures: of_it("figure")?,
            targets: of_it("target")?,
            chapters: of_it("chapter")?,
            documents: of_it("document")?,
            opinions: of_it("opinion")?,
            remarks: of_it("review_remark")?,
            funds: merged([
                of_it("fund_entry")?,
                of_works("fund_entry")?,
                shelf.referring("fund_entry", "contract", &contract_ids)?,
            ]),
            evaluations: of_it("evaluation")?,
            others: Others {
                households: match households.is_empty() {
                    true => Vec::new(),
                    false => {
                        let mut others = shelf.everywhere("household")?;
                        others.retain(|other| households.iter().all(|own| own.id != other.id));
                        others
                    }
                },
                ..Others::gather(shelf, &application, &village_ids, &works_ids)?
            },
            households,
            water_bodies: waters,
            month_reports,
            application,
            villages,
            works,
            contracts,
            acceptances,
            notices,
        })
    }

    /// The record `id`, if it is one of the submission's own.
    #[must_use]
    pub fn find(&self, id: RecordId) -> Option<&Record> {
        self.records().find(|record| record.id == id)
    }

    /// Every record of it, the application first; neither the others beside it nor
    /// the households, whose names go into no package.
    pub fn records(&self) -> impl Iterator<Item = &Record> {
        let lists = [
            &self.villages,
            &self.works,
            &self.contracts,
            &self.variations,
            &self.acceptances,
            &self.notices,
            &self.progress,
            &self.spots,
            &self.water_bodies,
            &self.lines,
            &self.figures,
            &self.targets,
            &self.chapters,
            &self.documents,
            &self.opinions,
            &self.remarks,
            &self.funds,
            &self.evaluations,
            &self.month_reports,
        ];
        std::iter::once(&self.application).chain(&self.programme).chain(lists.into_iter().flatten())
    }

    /// The village that a works lies in.
    #[must_use]
    pub fn village_of(&self, works: &Record) -> Option<&Record> {
        let id = id_in(works, "village")?;
        self.villages.iter().find(|village| village.id == id)
    }
}

impl Others {
    fn gather<S: Shelf>(
        shelf: &S,
        application: &Record,
        villages: &[RecordId],
        own: &[RecordId],
    ) -> Result<Self, S::Error> {
        let there = shelf.referring("works", "village", villages)?;
        let works_ids: Vec<RecordId> = there.iter().map(|works| works.id).chain(own.iter().copied()).collect();
        let mut applications = merged([
            shelf.referring("application", "villages", villages)?,
            shelf.referring("application", "works", &works_ids)?,
        ]);
        applications.retain(|other| other.id != application.id);
        let policies = applications.iter().filter_map(|other| id_in(other, "policy"));
        Ok(Self {
            programmes: each(shelf, policies, "programme")?,
            works: there.into_iter().filter(|works| !own.contains(&works.id)).collect(),
            applications,
            households: Vec::new(),
        })
    }

    /// The programme version that another application is made under.
    #[must_use]
    pub fn programme_of(&self, application: &Record) -> Option<&Record> {
        let id = id_in(application, "policy")?;
        self.programmes.iter().find(|programme| programme.id == id)
    }
}

/// The id that a reference holds.
#[must_use]
pub fn id_in(record: &Record, field: &str) -> Option<RecordId> {
    record.text(field)?.parse().ok()
}

/// The ids that a set of references holds, in the order in which they were added.
pub fn ids<'r>(record: &'r Record, field: &str) -> impl Iterator<Item = RecordId> + use<'r> {
    record.items(field).iter().filter_map(|item| item.as_str()?.parse().ok())
}

/// Each of these records of `kind` once, in the order in which they are named.
pub(crate) fn each<S: Shelf>(
    shelf: &S,
    ids: impl Iterator<Item = RecordId>,
    kind: &str,
) -> Result<Vec<Record>, S::Error> {
    let (mut asked, mut seen, mut records) = (BTreeSet::new(), BTreeSet::new(), Vec::new());
    for id in ids.filter(|id| asked.insert(*id)) {
        records.extend(shelf.record(id)?.filter(|record| record.kind == kind && seen.insert(record.id)));
    }
    Ok(records)
}

/// Several lists as one, each record once, in the order of ids.
pub(crate) fn merged<const N: usize>(lists: [Vec<Record>; N]) -> Vec<Record> {
    let mut all: Vec<Record> = lists.into_iter().flatten().collect();
    all.sort_by_key(|record| record.id);
    all.dedup_by_key(|record| record.id);
    all
}
