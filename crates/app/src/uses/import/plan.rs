//! The plan of an import: every row's verdict with its reason, and the drafts of
//! what would be written. Making it reads records and writes nothing.

use std::collections::{BTreeMap, HashMap};
use std::rc::Rc;

use domain::catalog::{Field, FieldType, Kind, ScopeRule};
use domain::funds::Entry;
use domain::rules::Post;
use domain::{Action, Change, ChangeId, Fields, Record, RecordId, Refusal, Scope, Value, Writer, canonical, overlay};
use sheet::{Offered, Reading, Table};
use store::Draft;
use uuid::Uuid;

use super::identity::{Here, keep_spelling, place_field};
use super::names::{Meaning, Names, ended_key};
use super::report::{ImportAsked, ImportChange, ImportHeading, ImportOffer, ImportQuestion, ImportReport, ImportRow};
use crate::types::ErrorView;
use crate::uses::funds::Accounts;
use crate::{AppError, Laptop, Result, Trouble};

/// What would be written, and what is said about it.
pub(super) struct Plan {
    pub(super) report: ImportReport,
    /// By the number of their rows.
    pub(super) drafts: Vec<(u32, Draft)>,
    pub(super) wishes: sheet::Wishes,
}

impl Laptop {
    pub(super) fn plan(&self, name: &str, bytes: &[u8], asked: &ImportAsked) -> Result<Plan> {
        let kind = self.kind(&asked.kind)?;
        let wishes = self.wishes(asked)?;
        let mut reading = wishes.clone();
        reading.year = reading.year.or(Some(Self::this_year()));
        let table = sheet::read(name, bytes, &kind, &reading)?;
        let mut planner = Planner::new(self, &kind, &table)?;
        planner.decided = wishes.meanings.get(kind.key.as_deref().unwrap_or_default()).cloned().unwrap_or_default();
        for row in table.rows {
            planner.row(row)?;
        }
        let Planner { mut report, drafts, deeds, questions, .. } = planner;
        let deeds: Vec<_> = deeds.iter().map(|(row, record, values)| (row, record, values.as_ref())).collect();
        report.plan = canonical::digest(&deeds);
        report.questions = questions;
        report.totals = table.totals;
        report.sheet = table.sheet;
        Ok(Plan { report, drafts, wishes })
    }
}

struct Planner<'l> {
    laptop: &'l Laptop,
    kind: &'l Kind,
    fields: Vec<&'l Field>,
    names: Names<'l>,
    here: Here<'l>,
    post: Post,
    writer: Writer,
    at: String,
    /// The scope of each place that a row has named.
    scopes: HashMap<String, Scope>,
    /// Which row speaks of which record, and what it says.
    spoken: HashMap<String, (u32, Rc<Fields>)>,
    report: ImportReport,
    drafts: Vec<(u32, Draft)>,
    /// What stands for all that would be written: by row, the record and its new values.
    deeds: Vec<(u32, Option<RecordId>, Rc<Fields>)>,
    questions: Vec<ImportQuestion>,
    /// What a person has said about the kind's own codes.
    decided: BTreeMap<String, String>,
    asked: HashMap<(String, String), usize>,
    /// For fund entries: what they are held against, the rows before among it.
    accounts: Accounts,
}

/// What a row's cells say.
enum Said {
    Values(Fields),
    Refused(Fields, AppError),
    Undecided(Fields, ErrorView),
}

/// What a row would do.
enum Verdict {
    New(Draft, Rc<Fields>),
    Changed(Draft, Rc<Fields>, Vec<ImportChange>),
    Same,
}

impl<'l> Planner<'l> {
    fn new(laptop: &'l Laptop, kind: &'l Kind, table: &Table) -> Result<Self> {
        let columns = table.columns.iter();
        let fields = columns.map(|column| kind.field(&column.field)).collect::<std::result::Result<_, _>>()?;
        let mut report = ImportReport::default();
        for column in &table.columns {
            let (heading, field, unit) = (column.heading.clone(), Some(column.field.clone()), column.unit.clone());
            report.headings.push(ImportHeading { heading, field, unit, suggestions: Vec::new() });
        }
        for column in &table.unmatched {
            let (heading, suggestions) = (column.heading.clone(), column.suggestions.clone());
            report.unmatched.push(heading.clone());
            report.headings.push(ImportHeading { heading, field: None, unit: None, suggestions });
        }
        let fields: Vec<&Field> = fields;
        Ok(Self {
            laptop,
            kind,
            names: Names::new(laptop),
            here: Here::read(laptop, kind, &fields)?,
            fields,
            post: laptop.post()?,
            writer: laptop.store.writer()?,
            at: Laptop::now(),
            scopes: HashMap::new(),
            spoken: HashMap::new(),
            report,
            drafts: Vec::new(),
            deeds: Vec::new(),
            questions: Vec::new(),
            decided: BTreeMap::new(),
            asked: HashMap::new(),
            accounts: Accounts::default(),
        })
    }

    fn row(&mut self, sheet::Row { number: row, cells }: sheet::Row) -> Result<()> {
        let (values, outcome) = match self.said(row, cells)? {
            Said::Values(values) => match self.verdict(row, &values) {
                Ok(verdict) => (values, Ok(verdict)),
                Err(error @ (AppError::Refused(_) | AppError::Trouble(Trouble::RowTwice { .. }))) => {
                    (values, Err(("refused", error.view())))
                }
                Err(other) => return Err(other),
            },
            Said::Refused(values, error) => (values, Err(("refused", error.view()))),
            Said::Undecided(values, reason) => (values, Err(("undecided", reason))),
        };
        let (mut changes, mut reason) = (Vec::new(), None);
        let verdict = match outcome {
            Ok(Verdict::New(draft, values)) => {
                self.deeds.push((row, None, values));
                self.drafts.push((row, draft));
                "new"
            }
            Ok(Verdict::Changed(draft, values, differences)) => {
                self.deeds.push((row, Some(draft.record), values));
                self.drafts.push((row, draft));
                changes = differences;
                "changed"
            }
            Ok(Verdict::Same) => "same",
            Err((verdict, why)) => {
                reason = Some(why);
                verdict
            }
        };
        self.count(verdict);
        let title = values.get(&self.kind.title).and_then(Value::as_str).unwrap_or_default().to_owned();
        self.report.rows.push(ImportRow { row, verdict: verdict.to_owned(), reason, title, values, changes });
        Ok(())
    }

    fn count(&mut self, verdict: &str) {
        let report = &mut self.report;
        match verdict {
            "new" => report.new += 1,
            "changed" => report.changed += 1,
            "same" => report.same += 1,
            "undecided" => report.undecided += 1,
            _ => report.refused += 1,
        }
        report.rejected = report.refused + report.undecided;
    }

    /// The row's values; else the first thing wrong with it, else the first that is to be decided.
    fn said(&mut self, row: u32, cells: Vec<Reading>) -> Result<Said> {
        let (mut values, mut refused, mut undecided) = (Fields::new(), None, None);
        for (i, cell) in cells.into_iter().enumerate() {
            let field = self.fields[i];
            match cell {
                Reading::Empty => {}
                Reading::Refused(reason) => refused = refused.or_else(|| Some(AppError::from(*reason))),
                Reading::Offered(offered) => {
                    let reason = AppError::from(offered.reason.clone()).view();
                    self.ask(row, field, &offered.given, &reason, || dates(&offered));
                    undecided = undecided.or(Some(reason));
                }
                Reading::Value(mut value) => {
                    let meaning = match field.field_type {
                        FieldType::Reference => self.names.meaning(field, value.as_str().unwrap_or_default())?,
                        FieldType::References => {
                            self.names.meanings(field, value.as_array().map_or(&[][..], Vec::as_slice))?
                        }
                        _ => match self.ended(field, &value)? {
                            None => Meaning::Value(value.take()),
                            Some((refusal, offers)) => Meaning::Offers(refusal, offers),
                        },
                    };
                    let value = match meaning {
                        Meaning::Value(meant) => meant,
                        Meaning::Nothing(refusal) => {
                            refused = refused.or(Some(refusal.into()));
                            value
                        }
                        Meaning::Offers(refusal, offers) => {
                            let reason = AppError::from(refusal).view();
                            self.ask(row, field, value.as_str().unwrap_or_default(), &reason, || offers);
                            undecided = undecided.or(Some(reason));
                            value
                        }
                    };
                    values.insert(field.name.clone(), value);
                }
            }
        }
        for field in self.fields.iter().filter(|field| field.concealed.is_some()) {
            let text = values.get(&field.name).and_then(Value::as_str).map(str::to_owned);
            if let (Some(mark), Some(text)) = (&field.concealed, text) {
                self.laptop.conceal(&mut values, field, mark, &text);
            }
        }
        Ok(match (refused, undecided) {
            (Some(error), _) => Said::Refused(values, error),
            (None, Some(reason)) => Said::Undecided(values, reason),
            (None, None) => Said::Values(values),
        })
    }

    /// What to ask about a village's own code that is none any more.
    fn ended(&self, field: &Field, value: &Value) -> Result<Option<(Refusal, Vec<ImportOffer>)>> {
        let own = self.kind.name == "village" && self.kind.key.as_ref() == Some(&field.name);
        let code = value.as_str().filter(|code| own && !self.decided.values().any(|said| said == code));
        Ok(code.map(|code| ended_key(self.laptop, field, code)).transpose()?.flatten())
    }

    /// Puts a question once, however many rows ask it.
    fn ask(
        &mut self,
        row: u32,
        field: &Field,
        given: &str,
        reason: &ErrorView,
        offers: impl FnOnce() -> Vec<ImportOffer>,
    ) {
        let key = (field.name.clone(), given.to_owned());
        if let Some(at) = self.asked.get(&key) {
            self.questions[*at].rows += 1;
            return;
        }
        let (field, given) = key.clone();
        self.asked.insert(key, self.questions.len());
        self.questions.push(ImportQuestion { field, given, row, rows: 1, reason: reason.clone(), offers: offers() });
    }

    fn verdict(&mut self, number: u32, values: &Fields) -> Result<Verdict> {
        let (mut given, mut fields) = (Fields::new(), values.clone());
        for field in self.fields.iter().filter(|field| field.given) {
            given.extend(fields.remove_entry(&field.name));
        }
        let found = self.here.find(&given, &fields)?;
        let identity = self.here.of_row(found.as_ref(), &fields);
        if let Some((row, said)) = self.spoken.get(&identity) {
            // The file itself may say one thing twice; it can't say two things of one record.
            if **said == fields {
                return Ok(Verdict::Same);
            }
            return Err(Trouble::RowTwice { row: row.to_string() }.into());
        }
        let said = Rc::new(fields);
        self.spoken.insert(identity, (number, Rc::clone(&said)));
        let Some(row) = found else { return self.new_record(said) };
        let (record, mut fields) = (row.record, said);
        keep_spelling(self.kind, &record.fields, Rc::make_mut(&mut fields));
        let actions = self.kind.edit(&record.fields, &fields)?;
        if actions.is_empty() {
            return Ok(Verdict::Same);
        }
        let changes = differences(&record.fields, &fields);
        let change = self.change(record.id, record.scope.clone(), actions);
        self.admit(Some(&record), &change)?;
        Ok(Verdict::Changed(draft(change), fields, changes))
    }

    fn new_record(&mut self, said: Rc<Fields>) -> Result<Verdict> {
        let mut fields = Rc::clone(&said);
        if self.kind.fields.iter().any(|field| field.from_code.is_some()) {
            crate::uses::save::derive(self.kind, Rc::make_mut(&mut fields));
        }
        let scope = self.scope(&fields)?;
        let change = self.change(RecordId(Uuid::now_v7()), scope, crate::uses::save::creation(self.kind, &fields)?);
        self.admit(None, &change)?;
        if self.kind.name == Entry::KIND {
            self.accounts.admit(self.laptop, overlay(None, &change))?; // Into the books, with the rows before it.
        }
        let number = self.kind.number.as_ref().map(|pattern| self.laptop.numbering(self.kind, pattern)).transpose()?;
        Ok(Verdict::New(Draft { number, ..draft(change) }, said))
    }

    /// The scope of a new record, looked up once for each place.
    fn scope(&mut self, fields: &Fields) -> Result<Scope> {
        let names: Vec<&str> = match &self.kind.scope {
            ScopeRule::References(names) => names.iter().map(String::as_str).collect(),
            _ => place_field(self.kind).into_iter().collect(),
        };
        let place = names.iter().map(|name| fields.get(*name).map(Value::to_string).unwrap_or_default());
        let place = place.collect::<Vec<_>>().join("|");
        if let Some(scope) = self.scopes.get(&place) {
            return Ok(scope.clone());
        }
        let scope = self.laptop.scope_of_new(self.kind, fields)?;
        self.scopes.insert(place, scope.clone());
        Ok(scope)
    }

    /// What would be asked for.
    fn change(&self, record: RecordId, scope: Scope, actions: Vec<Action>) -> Change {
        Change {
            id: ChangeId(Uuid::now_v7()),
            writer: self.writer,
            counter: 0,
            author: self.laptop.identity.person.clone(),
            at: self.at.clone(),
            record,
            kind: self.kind.name.clone(),
            scope,
            seen: u64::MAX,
            actions,
        }
    }

    /// Whether the rules would let it through as things stand.
    fn admit(&self, before: Option<&Record>, change: &Change) -> Result<()> {
        domain::rules::admit(self.laptop.catalog(), &self.post, before, change)?;
        if self.kind.locks.is_empty() {
            return Ok(()); // Nothing of this kind depends on what stands around it.
        }
        self.laptop.gate(before, change)
    }
}

/// The change, to be saved when the person agrees.
fn draft(change: Change) -> Draft {
    let Change { id, author, at, record, kind, scope, actions, .. } = change;
    Draft { change: id, author, at, record, kind, scope, actions, number: None }
}

fn dates(offered: &Offered) -> Vec<ImportOffer> {
    let offer = |offer: &sheet::Offer| ImportOffer {
        value: offer.value.clone(),
        title: offer.value.clone(),
        reading: offer.reading.clone(),
    };
    offered.offers.iter().map(offer).collect()
}

/// Each field that the row says otherwise than the record.
fn differences(before: &Fields, fields: &Fields) -> Vec<ImportChange> {
    let changed = |(field, after): (&String, &Value)| {
        let before = before.get(field).cloned().unwrap_or_default();
        (before != *after).then(|| ImportChange { field: field.clone(), before, after: after.clone() })
    };
    fields.iter().filter_map(changed).collect()
}
